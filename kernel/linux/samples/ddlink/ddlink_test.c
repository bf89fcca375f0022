// SPDX-License-Identifier: GPL-2.0-only
/*
 * Test component: ioctl DDLINK_OPEN on /dev/ddtest gives a link that does what
 * its messages say, so that a program can bring about all that a component may
 * do. Such programs are in tools/testing/selftests/ddlink.
 *
 * Each command is a word and up to two numbers, or a word, a number and text.
 */
#include <linux/cred.h>
#include <linux/ddlink.h>
#include <linux/delay.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

#define DDTEST_RESERVED	4
#define DDTEST_MOST	0x100000	/* of anything asked for */
#define DDTEST_MOST_LATE	10000	/* items at once in a softirq */
#define DDTEST_MOST_SLEEP	60000	/* ms: a hang-up waits for it */

/**
 * struct ddtest - private part of a link
 * @link:	the link
 * @timer:	queues @late items from interrupt context
 * @hangup:	hangs up from a context of its own
 * @calls:	commands that reached the handler
 * @late:	how many
 * @deaf:	poll does not say OUT
 * @reserved:	items reserved by a command, for a later one
 */
struct ddtest {
	struct ddlink *link;
	struct timer_list timer;
	struct delayed_work hangup;
	int calls;
	int late;
	bool deaf;
	struct ddlink_item *reserved[DDTEST_RESERVED];
};

static LIST_HEAD(ddtest_links);
static atomic_t ddtest_live;		/* objects not yet released */
static atomic_t ddtest_sleepers;	/* handlers that sleep */
static struct ddlink *ddtest_kept;	/* held beyond its file by "keep" */

static int ddtest_post_number(struct ddlink *link, int number)
{
	char text[12];

	return ddlink_post_data(link, text, sprintf(text, "%d", number));
}

static struct ddlink_item *ddtest_numbered(struct ddlink *link, int number,
					   gfp_t gfp)
{
	struct ddlink_item *item = ddlink_alloc(link, 12, gfp);

	if (!IS_ERR(item))
		item->size = sprintf(item->data, "%d", number);
	return item;
}

/* Queue or post @count items "0", "1" ... */
static int ddtest_many(struct ddlink *link, int count, bool post)
{
	struct ddlink_item *item;
	int i, err = 0;

	for (i = 0; i < count && !err; i++) {
		item = ddtest_numbered(link, i, GFP_KERNEL);
		err = post ? ddlink_post(link, item) : ddlink_queue(link, item);
		if (!post)
			err = 0;
	}
	return err;
}

static void ddtest_timer(struct timer_list *timer)
{
	struct ddtest *test = from_timer(test, timer, timer);
	int i;

	for (i = 0; i < test->late; i++)
		ddlink_queue(test->link,
			     ddtest_numbered(test->link, i, GFP_ATOMIC));
}

static void ddtest_hangup(struct work_struct *work)
{
	struct ddtest *test = container_of(work, struct ddtest, hangup.work);

	ddlink_hangup(test->link);
}

static void ddtest_hangup_all(struct work_struct *work)
{
	ddlink_hangup_all(&ddtest_links);
}

static DECLARE_DELAYED_WORK(ddtest_hangup_all_work, ddtest_hangup_all);

/* Hold room for all items that "spend" is to post, or for none. */
static int ddtest_reserve(struct ddtest *test, int size)
{
	struct ddlink_item *item;
	int i;

	for (i = 0; i < DDTEST_RESERVED; i++) {
		if (test->reserved[i])
			continue;
		item = ddlink_alloc(test->link, size, GFP_KERNEL | __GFP_ZERO);
		if (IS_ERR(item))
			return PTR_ERR(item);
		item->data[0] = '0' + i;
		test->reserved[i] = item;
	}
	return 0;
}

static void ddtest_spend(struct ddtest *test, bool post)
{
	int i;

	for (i = 0; i < DDTEST_RESERVED; i++) {
		if (test->reserved[i] && post)
			ddlink_post(test->link, test->reserved[i]);
		else
			ddlink_free(test->link, test->reserved[i]);
		test->reserved[i] = NULL;
	}
}

static int ddtest_sleep(unsigned int ms)
{
	unsigned long left;

	atomic_inc(&ddtest_sleepers);
	left = msleep_interruptible(min(ms, DDTEST_MOST_SLEEP));
	atomic_dec(&ddtest_sleepers);
	return left ? -ERESTARTSYS : 0;
}

/* Hold this link beyond its file; give back the one held before. */
static int ddtest_keep(struct ddlink *link)
{
	struct ddlink *before = xchg(&ddtest_kept, ddlink_get(link));

	if (before)
		ddlink_put(before);
	return 0;
}

/* Queue on the link held by "keep", and post what that gave. */
static int ddtest_late(struct ddlink *link)
{
	struct ddlink *kept = xchg(&ddtest_kept, NULL);
	int err;

	if (!kept)
		return ddlink_error(link, -ENOENT, "no link is kept");
	err = ddlink_queue(kept, ddtest_numbered(kept, 0, GFP_KERNEL));
	ddlink_put(kept);
	return ddtest_post_number(link, err);
}

static int ddtest_lose(struct ddlink *link, int count)
{
	while (count--)
		ddlink_queue(link, ERR_PTR(-ENOMEM));
	return 0;
}

static int ddtest_limit(struct ddlink *link, int items, int bytes)
{
	link->max_items = items;
	link->max_bytes = bytes;
	return 0;
}

/* "error ERRNO TEXT" */
static int ddtest_error(struct ddlink *link, int err, const char *arguments)
{
	const char *text = arguments ? strchr(arguments, ' ') : NULL;

	return ddlink_error(link, -clamp(err, 1, MAX_ERRNO), "%s",
			    text ? text + 1 : "");
}

static int ddtest_write(struct ddlink *link, void *msg, size_t len)
{
	struct ddtest *test = link->private;
	char *text = msg, *word = strsep(&text, " ");
	int a = 0, b = 0;

	test->calls++;
	if (text)
		sscanf(text, "%d %d", &a, &b);
	/* anybody may write here: no loop without an end, no errno that is none */
	a = clamp(a, 0, DDTEST_MOST);
	b = clamp(b, 0, DDTEST_MOST);
	if (!strcmp(word, "post"))
		return ddlink_post_data(link, text, text ? strlen(text) : 0);
	if (!strcmp(word, "posts"))
		return ddtest_many(link, a, true);
	if (!strcmp(word, "queues"))
		return ddtest_many(link, a, false);
	if (!strcmp(word, "later")) {
		test->late = min(b, DDTEST_MOST_LATE);
		mod_timer(&test->timer, jiffies + msecs_to_jiffies(a));
		return 0;
	}
	if (!strcmp(word, "lose"))
		return ddtest_lose(link, a);
	if (!strcmp(word, "error"))
		return ddtest_error(link, a, text);
	if (!strcmp(word, "fail"))
		return -clamp(a, 1, MAX_ERRNO);
	if (!strcmp(word, "fail-after-post")) {
		ddtest_post_number(link, 1);
		return ddlink_error(link, -EIO, "posted first");
	}
	if (!strcmp(word, "sleep"))
		return ddtest_sleep(a);
	if (!strcmp(word, "sleepers"))
		return ddtest_post_number(link, atomic_read(&ddtest_sleepers));
	if (!strcmp(word, "reserve"))
		return ddtest_reserve(test, a);
	if (!strcmp(word, "spend") || !strcmp(word, "unreserve")) {
		ddtest_spend(test, *word == 's');
		return 0;
	}
	if (!strcmp(word, "limit"))
		return ddtest_limit(link, a, b);
	if (!strcmp(word, "deaf")) {
		test->deaf = a;
		ddlink_notify(link, EPOLLOUT | EPOLLWRNORM);
		return 0;
	}
	if (!strcmp(word, "hangup")) {
		schedule_delayed_work(&test->hangup, msecs_to_jiffies(a));
		return 0;
	}
	if (!strcmp(word, "hangup-all")) {
		schedule_delayed_work(&ddtest_hangup_all_work, msecs_to_jiffies(a));
		return 0;
	}
	if (!strcmp(word, "calls"))
		return ddtest_post_number(link, test->calls);
	if (!strcmp(word, "live"))
		return ddtest_post_number(link, atomic_read(&ddtest_live));
	if (!strcmp(word, "uid"))
		return ddtest_post_number(link, from_kuid(&init_user_ns,
							  link->file->f_cred->euid));
	if (!strcmp(word, "keep"))
		return ddtest_keep(link);
	if (!strcmp(word, "late"))
		return ddtest_late(link);
	return ddlink_error(link, -EINVAL, "unknown command '%.32s'", word);
}

/*
 * Type 0xdc is nobody's, while on some machines letters are those of terminals.
 * 1: post the argument. 2: sleep so many milliseconds. 3: fail.
 */
static long ddtest_command(struct ddlink *link, unsigned int cmd,
			   unsigned long arg)
{
	switch (cmd) {
	case _IO(0xdc, 1):
		return ddtest_post_number(link, arg) ?: 7;
	case _IO(0xdc, 2):
		return ddtest_sleep(arg);
	case _IO(0xdc, 3):
		return ddlink_error(link, -EPERM, "not by ioctl");
	default:
		return -ENOIOCTLCMD;
	}
}

/* What is not ours does not count as a command. */
static long ddtest_ioctl(struct ddlink *link, unsigned int cmd, unsigned long arg)
{
	int err;

	if (_IOC_TYPE(cmd) != 0xdc)
		return ddlink_fionread(link, cmd, arg);
	err = ddlink_begin(link, 0);
	if (err)
		return err;
	return ddlink_end(link, ddtest_command(link, cmd, arg));
}

static __poll_t ddtest_poll(struct ddlink *link, __poll_t mask)
{
	struct ddtest *test = link->private;

	return test->deaf ? mask & ~(EPOLLOUT | EPOLLWRNORM) : mask;
}

static void ddtest_release(struct ddlink *link)
{
	struct ddtest *test = link->private;

	timer_delete_sync(&test->timer);
	cancel_delayed_work_sync(&test->hangup);
	ddtest_spend(test, false);
	kfree(test);
	atomic_dec(&ddtest_live);
}

static const struct ddlink_ops ddtest_ops = {
	.owner		= THIS_MODULE,
	.kind		= "test",
	.write		= ddtest_write,
	.ioctl		= ddtest_ioctl,
	.poll		= ddtest_poll,
	.release	= ddtest_release,
};

static long ddtest_open(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct ddtest *test;
	struct ddlink *link;

	if (cmd != DDLINK_OPEN)
		return -ENOTTY;
	test = kzalloc(sizeof(*test), GFP_KERNEL_ACCOUNT);
	if (!test)
		return -ENOMEM;
	link = ddlink_create(&ddtest_ops, test);
	if (IS_ERR(link)) {
		kfree(test);
		return PTR_ERR(link);
	}
	test->link = link;
	timer_setup(&test->timer, ddtest_timer, 0);
	INIT_DELAYED_WORK(&test->hangup, ddtest_hangup);
	atomic_inc(&ddtest_live);
	/*
	 * A program that has seen all its links hung up is early: the worker still
	 * looks for more, and holds the last one. Neither is to touch the new link,
	 * or to count as living.
	 */
	flush_work(&ddtest_hangup_all_work.work);
	flush_delayed_fput();
	ddlink_join(link, &ddtest_links);
	return ddlink_install(link);
}

static const struct file_operations ddtest_fops = {
	.owner		= THIS_MODULE,
	.unlocked_ioctl	= ddtest_open,
	.compat_ioctl	= compat_ptr_ioctl,
};

static struct miscdevice ddtest_device = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "ddtest",
	.mode	= 0666,
	.fops	= &ddtest_fops,
};

static int __init ddtest_init(void)
{
	return misc_register(&ddtest_device);
}
module_init(ddtest_init);

static void __exit ddtest_exit(void)
{
	misc_deregister(&ddtest_device);
	cancel_delayed_work_sync(&ddtest_hangup_all_work);
}
module_exit(ddtest_exit);

MODULE_DESCRIPTION("Test component of ddlink");
MODULE_LICENSE("GPL");
