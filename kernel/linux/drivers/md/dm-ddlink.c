// SPDX-License-Identifier: GPL-2.0-only
/*
 * Links on /dev/mapper/control: device mapper's commands as text, one a message,
 * with answers and errors as text, and news of what becomes of devices.
 *
 * A command is parsed into a struct dm_ioctl and run by the function that runs it
 * for the ioctl, so that it means the same. What is logged meanwhile as the
 * reason of a failure goes to the link as well. Commands make the items of their
 * answer before they have an effect, or have none.
 *
 * A message is whole and has room for tens of thousands of lines, so no table
 * is ever half made: nothing of a command outlives it but what the ioctl leaves.
 *
 * See Documentation/admin-guide/device-mapper/ddlink.rst.
 */
#include "dm-core.h"
#include "dm-ddlink.h"
#include <linux/cred.h>
#include <linux/ddlink.h>
#include <linux/dm-ioctl.h>
#include <linux/module.h>
#include <linux/sched/mm.h>
#include <linux/sizes.h>
#include <linux/string_helpers.h>

struct call;

/* A list has an item for each device. */
#define LINK_ITEMS	16384U

/* A target's answer to a message, which cannot be asked twice. */
#define ANSWER_MAX	(SZ_32K - SZ_1K)

/* Where dm-ioctl.c looks for data, and leaves it. */
#define DATA_START	ALIGN(sizeof(struct dm_ioctl), 8)

/* What of a name could not stand in a line of words. */
#define ESCAPES		(ESCAPE_NAP | ESCAPE_HEX | ESCAPE_APPEND)

/* Private part of a link. */
struct watcher {
	struct list_head node;		/* in watchers, once it was told to watch */
	struct ddlink *link;
};

static LIST_HEAD(watchers);
static DEFINE_SPINLOCK(watchers_lock);	/* outside of the links' queues */

/* What can be said. */
struct command {
	const char *word;
	unsigned int takes;		/* besides options */
#define A_DEVICE	1
#define WORDS		2		/* for run() to parse */
#define LINES		4		/* likewise */
#define ASKS		8		/* no effect, and run() tells the result */
	unsigned int nr;		/* as an ioctl */
	u32 flags;			/* of that ioctl */
	u32 options;			/* flags that may follow as words */
	int (*run)(struct call *call);
};

/* What is being done for a message. */
struct call {
	struct list_head node;		/* in calls */
	struct task_struct *task;	/* who wrote it */
	struct ddlink *link;
	const struct command *command;
	char *line;			/* what of it is not parsed yet */
	char *more;			/* the lines after it, or NULL */
	struct dm_ioctl said;		/* what has been parsed */
	struct dm_ioctl *param;		/* a copy to run, and data */
	size_t size;			/* of both */
	struct ddlink_item *answer;	/* has its room and waits for success */
	struct ddlink_item **last;	/* end of answer, linked by spare */
	char reason[192];		/* why it fails; under calls_lock */
	char name[4 * DM_NAME_LEN];	/* escaped, while it is printed */
	char uuid[4 * DM_UUID_LEN];
};

static LIST_HEAD(calls);
static DEFINE_SPINLOCK(calls_lock);	/* irq-safe, innermost */

/* ---- errors ---- */

/* DMERR(): why a command fails, for whoever gave it if that was over a link. */
void dm_ddlink_reason(const char *fmt, ...)
{
	struct call *call;
	unsigned long flags;
	va_list args;
	size_t len;

	if (!in_task())
		return;
	spin_lock_irqsave(&calls_lock, flags);
	list_for_each_entry(call, &calls, node) {
		if (call->task != current)
			continue;
		if (*call->reason)
			strlcat(call->reason, "; ", sizeof(call->reason));
		len = strlen(call->reason);
		va_start(args, fmt);
		vscnprintf(call->reason + len, sizeof(call->reason) - len, fmt, args);
		va_end(args);
	}
	spin_unlock_irqrestore(&calls_lock, flags);
}

#define refuse(err, ...) ({ dm_ddlink_reason(__VA_ARGS__); (err); })

static int call_run(struct call *call, unsigned int nr, size_t size);

/* What dm itself says nothing about. */
static void call_explain(struct call *call, int err)
{
	unsigned int nr;

	if (*call->reason)
		return;
	nr = call->command->nr;
	if (err == -ENXIO && nr == DM_DEV_CREATE_CMD)
		dm_ddlink_reason("no device could be made, its minor may be taken");
	else if (err == -ENXIO)
		dm_ddlink_reason("no such device");
	else if (err == -EBUSY && nr == DM_DEV_CREATE_CMD)
		dm_ddlink_reason("the name or uuid is taken");
	else if (err == -EBUSY && nr == DM_DEV_REMOVE_CMD &&
		 !call_run(call, DM_DEV_STATUS_CMD, 0))
		dm_ddlink_reason("the device is in use, open count %d",
				 call->param->open_count);
	else if (err == -ENOBUFS)
		dm_ddlink_reason("no room in the queue for the answer");
	else if (err == -EINTR || err == -ERESTARTSYS)
		dm_ddlink_reason("interrupted by a signal");
	else
		dm_ddlink_reason("%s: %pe", call->command->word, ERR_PTR(err));
}

/* ---- words ---- */

/* The next word of a line, "" at its end. */
static char *next_word(char **line)
{
	char *word = *line + strspn(*line, " \t");

	*line = word + strcspn(word, " \t");
	if (**line)
		*(*line)++ = 0;
	return word;
}

/* A name or uuid as it is written in a command: "a\x20b". */
static int unescape(char *to, size_t size, char *word)
{
	size_t len = string_unescape_inplace(word, UNESCAPE_HEX);

	if (!len || len >= size || strlen(word) != len)
		return refuse(-EINVAL, "a name or uuid has 1 to %zu characters, none of them NUL",
			      size - 1);
	memcpy(to, word, len + 1);
	return 0;
}

static const char *escape(char *to, size_t size, const char *name)
{
	size_t len = string_escape_mem(name, strlen(name), to, size - 1, ESCAPES, " \\");

	to[min(len, size - 1)] = 0;
	return to;
}

/* NAME, uuid=UUID or dev=MAJOR:MINOR */
static int parse_device(struct dm_ioctl *said, char *word)
{
	unsigned int major, minor;
	char *number;

	if (!*word)
		return refuse(-EINVAL, "which device?");
	if (str_has_prefix(word, "uuid="))
		return unescape(said->uuid, sizeof(said->uuid), word + strlen("uuid="));
	if (!str_has_prefix(word, "dev="))
		return unescape(said->name, sizeof(said->name), word);
	word += strlen("dev=");
	number = strsep(&word, ":");
	if (!word || kstrtouint(number, 10, &major) || kstrtouint(word, 10, &minor) ||
	    major >= 1 << (32 - MINORBITS) || minor > MINORMASK)
		return refuse(-EINVAL, "a number is dev=MAJOR:MINOR");
	said->dev = huge_encode_dev(MKDEV(major, minor));
	return 0;
}

static const struct {
	const char *word;
	u32 flag;
} options[] = {
	{ "readonly",	DM_READONLY_FLAG },
	{ "nolockfs",	DM_SKIP_LOCKFS_FLAG },
	{ "noflush",	DM_NOFLUSH_FLAG },
	{ "inactive",	DM_QUERY_INACTIVE_TABLE_FLAG },
	{ "deferred",	DM_DEFERRED_REMOVE },
};

/* The rest of the line. */
static int parse_options(struct call *call)
{
	char *word;
	int i;

	while (*(word = next_word(&call->line))) {
		for (i = 0; i < ARRAY_SIZE(options); i++)
			if (call->command->options & options[i].flag &&
			    !strcmp(word, options[i].word))
				break;
		if (i == ARRAY_SIZE(options))
			return refuse(-EINVAL, "%s takes no '%.32s'",
				      call->command->word, word);
		call->said.flags |= options[i].flag;
	}
	return 0;
}

/* ---- running ---- */

/* Tables and messages may hold keys. */
static void call_forget(struct call *call)
{
	kvfree_sensitive(call->param, call->size);
}

/* Begin with a copy of what was said, and @size bytes of data, zeroed. */
static void *call_begin(struct call *call, size_t size)
{
	call_forget(call);
	call->size = DATA_START + size;
	call->param = kvzalloc(call->size, GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!call->param)
		return NULL;
	*call->param = call->said;
	call->param->data_start = DATA_START;
	call->param->data_size = call->size;
	return (void *)call->param + DATA_START;
}

static void *call_result(struct call *call)
{
	return (void *)call->param + call->param->data_start;
}

static int call_do(struct call *call, unsigned int nr)
{
	/* what a target's message returns is its own, but for errors */
	return min(dm_ctl_command(NULL, nr, call->param), 0);
}

static int call_run(struct call *call, unsigned int nr, size_t size)
{
	return call_begin(call, size) ? call_do(call, nr) : -ENOMEM;
}

/* For what has no effect: until the result fits. */
static int call_ask(struct call *call)
{
	size_t size;
	int err;

	for (size = SZ_4K; ; size *= 2) {
		err = call_run(call, call->command->nr, size);
		if (err || !(call->param->flags & DM_BUFFER_FULL_FLAG))
			return err;
		/* as items it would take even more */
		if (size >= call->link->max_bytes)
			return -ENOBUFS;
	}
}

/* ---- answers ---- */

static __printf(3, 4) struct ddlink_item *text_item(struct ddlink *link, gfp_t gfp,
						    const char *fmt, ...)
{
	struct ddlink_item *item;
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	item = ddlink_alloc(link, len, gfp);
	if (IS_ERR(item))
		return item;
	va_start(args, fmt);
	vsnprintf(item->data, len + 1, fmt, args);
	va_end(args);
	return item;
}

/* Make an item, or the error that it is, a part of the answer. */
static int call_hold(struct call *call, struct ddlink_item *item)
{
	if (IS_ERR(item))
		return PTR_ERR(item);
	*call->last = item;
	call->last = &item->spare;
	return 0;
}

static __printf(2, 3) int call_say(struct call *call, const char *fmt, ...)
{
	struct va_format text = { .fmt = fmt };
	va_list args;
	int err;

	va_start(args, fmt);
	text.va = &args;
	err = call_hold(call, text_item(call->link, GFP_KERNEL, "%pV", &text));
	va_end(args);
	return err;
}

/* Post what was said, or nothing of it. */
static int call_answer(struct call *call, int err)
{
	struct ddlink_item *item;

	while ((item = call->answer)) {
		call->answer = item->spare;
		item->spare = NULL;	/* is not queued */
		if (!err && item->size)
			err = ddlink_post(call->link, item);
		else
			ddlink_free(call->link, item);
	}
	return err;
}

/* MAJOR:MINOR NAME [uuid=UUID] and @more */
static int say_device(struct call *call, u64 encoded, const char *name,
		      const char *uuid, const char *more)
{
	dev_t dev = huge_decode_dev(encoded);

	return call_say(call, "%u:%u %s%s%s%s", MAJOR(dev), MINOR(dev),
			escape(call->name, sizeof(call->name), name),
			*uuid ? " uuid=" : "",
			escape(call->uuid, sizeof(call->uuid), uuid), more);
}

/* ---- commands ---- */

static int run_version(struct call *call)
{
	return call_say(call, "%d.%d.%d", DM_VERSION_MAJOR, DM_VERSION_MINOR,
			DM_VERSION_PATCHLEVEL);
}

static int tell_list(struct call *call)
{
	struct dm_name_list *one = call_result(call);
	u32 *event_nr, next;
	int err;

	if (!one->dev)
		return 0;
	do {
		event_nr = PTR_ALIGN((void *)one->name + strlen(one->name) + 1, 8);
		err = say_device(call, one->dev, one->name,
				 event_nr[1] & DM_NAME_LIST_FLAG_HAS_UUID ?
				 (char *)(event_nr + 2) : "", "");
		next = one->next;
		one = (void *)one + next;
	} while (next && !err);
	return err;
}

static int tell_targets(struct call *call)
{
	struct dm_target_versions *one = call_result(call);
	u32 next;
	int err;

	do {
		err = call_say(call, "%s %u.%u.%u", one->name, one->version[0],
			       one->version[1], one->version[2]);
		next = one->next;
		one = (void *)one + next;
	} while (next && !err);
	return err;
}

static int tell_status(struct call *call)
{
	struct dm_ioctl *param = call->param;
	char more[128];

	snprintf(more, sizeof(more), " open=%d event=%u targets=%u%s%s%s%s%s",
		 param->open_count, param->event_nr, param->target_count,
		 param->flags & DM_ACTIVE_PRESENT_FLAG ? " active" : "",
		 param->flags & DM_INACTIVE_PRESENT_FLAG ? " inactive" : "",
		 param->flags & DM_SUSPEND_FLAG ? " suspended" : "",
		 param->flags & DM_READONLY_FLAG ? " readonly" : "",
		 param->flags & DM_DEFERRED_REMOVE ? " deferred" : "");
	return say_device(call, param->dev, param->name, param->uuid, more);
}

static int tell_table(struct call *call)
{
	struct dm_target_spec *first = call_result(call), *one = first;
	const char *text;
	int err = 0;
	u32 i;

	/* if the table went in between, there is none, whatever is the count */
	for (i = 0; i < call->param->target_count && one->length && !err; i++) {
		text = (char *)(one + 1);
		err = call_say(call, "%llu %llu %.*s%s%s", one->sector_start,
			       one->length, DM_MAX_TYPE_NAME, one->target_type,
			       *text ? " " : "", text);
		one = (void *)first + one->next;
	}
	return err;
}

static int tell_deps(struct call *call)
{
	struct dm_target_deps *deps = call_result(call);
	int err = 0;
	dev_t dev;
	u32 i;

	for (i = 0; i < deps->count && !err; i++) {
		dev = huge_decode_dev(deps->dev[i]);
		err = call_say(call, "%u:%u", MAJOR(dev), MINOR(dev));
	}
	return err;
}

static int run_plain(struct call *call)
{
	return call_run(call, call->command->nr, 0);
}

/* create NAME [uuid=UUID] [minor=N] */
static int run_create(struct call *call)
{
	struct dm_ioctl *said = &call->said;
	unsigned int minor;
	char *word;
	dev_t dev;
	int err;

	while (*(word = next_word(&call->line))) {
		if (str_has_prefix(word, "uuid=")) {
			err = parse_device(said, word);
			if (err)
				return err;
		} else if (str_has_prefix(word, "minor=")) {
			if (kstrtouint(word + strlen("minor="), 10, &minor) ||
			    minor > MINORMASK)
				return refuse(-EINVAL, "'%.32s' is no minor", word);
			said->flags |= DM_PERSISTENT_DEV_FLAG;
			said->dev = huge_encode_dev(MKDEV(0, minor));
		} else {
			return refuse(-EINVAL, "create takes no '%.32s'", word);
		}
	}
	err = call_hold(call, ddlink_alloc(call->link, sizeof("4095:1048575"), GFP_KERNEL));
	if (!err)
		err = call_run(call, DM_DEV_CREATE_CMD, 0);
	if (err)
		return err;
	dev = huge_decode_dev(call->param->dev);
	call->answer->size = sprintf(call->answer->data, "%u:%u", MAJOR(dev), MINOR(dev));
	return 0;
}

/* START LENGTH TYPE ARGS */
static int parse_target(struct call *call, char *line, struct dm_target_spec *spec)
{
	unsigned int nr = call->param->target_count++;
	size_t len;
	char *word;

	if (kstrtou64(next_word(&line), 10, &spec->sector_start) ||
	    kstrtou64(next_word(&line), 10, &spec->length))
		return refuse(-EINVAL, "target %u is not START LENGTH TYPE ARGS", nr);
	word = next_word(&line);
	if (!*word || strscpy(spec->target_type, word) < 0)
		return refuse(-EINVAL, "target %u: '%.32s' is no type", nr, word);
	len = strlen(line) + 1;
	memcpy(spec + 1, line, len);
	spec->next = ALIGN(sizeof(*spec) + len, 8);
	return 0;
}

/* load NAME [readonly], and a line a target */
static int run_load(struct call *call)
{
	size_t lines = 1, size = 0;
	struct dm_target_spec *spec;
	char *line;
	int err;

	for (line = call->more; line && *line; line++, size++)
		lines += *line == '\n';
	/* at most, for all that a line gets is a struct, a NUL and padding */
	spec = call_begin(call, size + lines * (sizeof(*spec) + 8));
	if (!spec)
		return -ENOMEM;
	while ((line = strsep(&call->more, "\n"))) {
		if (!line[strspn(line, " \t")])
			continue;
		err = parse_target(call, line, spec);
		if (err)
			return err;
		spec = (void *)spec + spec->next;
	}
	if (!call->param->target_count)
		return refuse(-EINVAL, "a table has lines: START LENGTH TYPE ARGS");
	return call_do(call, DM_TABLE_LOAD_CMD);
}

/* rename NAME NEW, uuid NAME UUID */
static int run_rename(struct call *call)
{
	bool uuid = call->command->flags & DM_UUID_FLAG;
	char *word = next_word(&call->line), *new;

	/* dm finds the device by that alone */
	if (!*call->said.name)
		return refuse(-EINVAL, "%s takes the device's NAME", call->command->word);
	new = call_begin(call, DM_UUID_LEN);
	if (!new)
		return -ENOMEM;
	return unescape(new, uuid ? DM_UUID_LEN : DM_NAME_LEN, word) ?:
	       parse_options(call) ?: call_do(call, DM_DEV_RENAME_CMD);
}

/* message NAME SECTOR TEXT */
static int run_message(struct call *call)
{
	struct dm_target_msg *msg;
	size_t len;
	u64 sector;
	int err;

	if (kstrtou64(next_word(&call->line), 10, &sector))
		return refuse(-EINVAL, "message NAME SECTOR TEXT");
	len = strlen(call->line);
	if (len >= ANSWER_MAX - sizeof(*msg))
		return refuse(-E2BIG, "a message has at most %d bytes", ANSWER_MAX);
	err = call_hold(call, ddlink_alloc(call->link, ANSWER_MAX, GFP_KERNEL));
	if (err)
		return err;
	msg = call_begin(call, ANSWER_MAX);
	if (!msg)
		return -ENOMEM;
	msg->sector = sector;
	memcpy(msg->message, call->line, len + 1);
	err = call_do(call, DM_TARGET_MSG_CMD);
	if (err)
		return err;
	if (call->param->flags & DM_BUFFER_FULL_FLAG)
		return refuse(-EMSGSIZE, "it is done, but the answer has more than %d bytes",
			      ANSWER_MAX);
	call->answer->size = 0;
	if (call->param->flags & DM_DATA_OUT_FLAG)
		call->answer->size = strscpy(call->answer->data, call_result(call),
					     ANSWER_MAX);
	return 0;
}

static int run_watch(struct call *call)
{
	struct watcher *watcher = call->link->private;

	spin_lock(&watchers_lock);
	if (list_empty(&watcher->node))
		list_add_tail(&watcher->node, &watchers);
	spin_unlock(&watchers_lock);
	return 0;
}

#define SUSPENDING	(DM_NOFLUSH_FLAG | DM_SKIP_LOCKFS_FLAG)
#define INACTIVE	DM_QUERY_INACTIVE_TABLE_FLAG

static const struct command commands[] = {
	{ "version", .run = run_version },
	{ "list", ASKS, DM_LIST_DEVICES_CMD, DM_UUID_FLAG, 0, tell_list },
	{ "targets", ASKS, DM_LIST_VERSIONS_CMD, 0, 0, tell_targets },
	{ "create", A_DEVICE | WORDS, DM_DEV_CREATE_CMD, 0, 0, run_create },
	{ "load", A_DEVICE | LINES, DM_TABLE_LOAD_CMD, 0, DM_READONLY_FLAG, run_load },
	{ "clear", A_DEVICE, DM_TABLE_CLEAR_CMD, 0, 0, run_plain },
	{ "resume", A_DEVICE, DM_DEV_SUSPEND_CMD, 0, SUSPENDING, run_plain },
	{ "suspend", A_DEVICE, DM_DEV_SUSPEND_CMD, DM_SUSPEND_FLAG, SUSPENDING, run_plain },
	{ "remove", A_DEVICE, DM_DEV_REMOVE_CMD, 0, DM_DEFERRED_REMOVE, run_plain },
	{ "rename", A_DEVICE | WORDS, DM_DEV_RENAME_CMD, 0, 0, run_rename },
	{ "uuid", A_DEVICE | WORDS, DM_DEV_RENAME_CMD, DM_UUID_FLAG, 0, run_rename },
	{ "status", A_DEVICE | ASKS, DM_DEV_STATUS_CMD, 0, INACTIVE, tell_status },
	{ "table", A_DEVICE | ASKS, DM_TABLE_STATUS_CMD, DM_STATUS_TABLE_FLAG, INACTIVE,
	  tell_table },
	{ "info", A_DEVICE | ASKS, DM_TABLE_STATUS_CMD, 0, INACTIVE | DM_NOFLUSH_FLAG,
	  tell_table },
	{ "deps", A_DEVICE | ASKS, DM_TABLE_DEPS_CMD, 0, INACTIVE, tell_deps },
	{ "message", A_DEVICE | WORDS, DM_TARGET_MSG_CMD, 0, 0, run_message },
	{ "watch", .run = run_watch },
};

static int parse_and_run(struct call *call, char *msg, size_t len)
{
	const struct command *command = commands;
	char *word;
	int err = 0;

	if (strlen(msg) != len)
		return refuse(-EINVAL, "a command has no NUL");
	call->more = msg;
	call->line = strsep(&call->more, "\n");
	word = next_word(&call->line);
	while (strcmp(word, command->word))
		if (++command == commands + ARRAY_SIZE(commands))
			return refuse(-EINVAL, "unknown command '%.32s'", word);
	call->command = command;
	call->said.flags = command->flags;
	if (!(command->takes & LINES) && call->more && *call->more)
		return refuse(-EINVAL, "%s has one line", word);
	if (command->takes & A_DEVICE)
		err = parse_device(&call->said, next_word(&call->line));
	if (!err && !(command->takes & WORDS))
		err = parse_options(call);
	if (!err && command->takes & ASKS)
		err = call_ask(call);
	return err ?: command->run(call);
}

/* ---- the link ---- */

static int link_run(struct ddlink *link, struct call *call, void *msg, size_t len)
{
	const struct cred *old = override_creds(link->file->f_cred);
	int err;

	call->link = link;
	call->task = current;
	call->last = &call->answer;
	spin_lock_irq(&calls_lock);
	list_add(&call->node, &calls);
	spin_unlock_irq(&calls_lock);

	err = call_answer(call, parse_and_run(call, msg, len));
	if (err)
		call_explain(call, err);

	spin_lock_irq(&calls_lock);
	list_del(&call->node);
	spin_unlock_irq(&calls_lock);
	call_forget(call);
	revert_creds(old);
	return err ? ddlink_error(link, err, "%s", call->reason) : 0;
}

static int link_write(struct ddlink *link, void *msg, size_t len)
{
	/* memory must not wait for a device that this command is to resume */
	unsigned int noio = memalloc_noio_save();
	struct call *call = kzalloc(sizeof(*call), GFP_KERNEL_ACCOUNT);
	int err = call ? link_run(link, call, msg, len) : -ENOMEM;

	kfree(call);
	memalloc_noio_restore(noio);
	return err;
}

static void link_release(struct ddlink *link)
{
	struct watcher *watcher = link->private;

	spin_lock(&watchers_lock);
	list_del(&watcher->node);
	spin_unlock(&watchers_lock);
	kfree(watcher);
}

static const struct ddlink_ops link_ops = {
	.owner		= THIS_MODULE,
	.kind		= "device-mapper",
	.write		= link_write,
	.ioctl		= ddlink_fionread,
	.release	= link_release,
};

/* For whoever may use device mapper: the descriptor, or -errno. */
int dm_ddlink_open(void)
{
	struct watcher *watcher = kzalloc(sizeof(*watcher), GFP_KERNEL_ACCOUNT);
	struct ddlink *link;

	if (!watcher)
		return -ENOMEM;
	link = ddlink_create(&link_ops, watcher);
	if (IS_ERR(link)) {
		kfree(watcher);
		return PTR_ERR(link);
	}
	INIT_LIST_HEAD(&watcher->node);
	watcher->link = link;
	link->max_items = max(link->max_items, LINK_ITEMS);
	return ddlink_install(link);
}

/*
 * Tell all who watch what has become of a device, unless that was told to be
 * removed. Waits neither for room nor for memory: what cannot be told is counted
 * as lost.
 */
void dm_ddlink_tell(struct mapped_device *md, const char *what)
{
	char name[DM_NAME_LEN], escaped[4 * DM_NAME_LEN];
	dev_t dev = disk_devt(dm_disk(md));
	struct watcher *watcher;

	if (list_empty(&watchers) || dm_copy_name_and_uuid(md, name, NULL))
		return;
	escape(escaped, sizeof(escaped), name);
	spin_lock(&watchers_lock);
	list_for_each_entry(watcher, &watchers, node)
		ddlink_queue(watcher->link,
			     text_item(watcher->link, GFP_NOWAIT, "%s %u:%u %s event=%u",
				       what, MAJOR(dev), MINOR(dev), escaped,
				       dm_get_event_nr(md)));
	spin_unlock(&watchers_lock);
}
