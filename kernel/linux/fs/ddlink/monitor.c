// SPDX-License-Identifier: GPL-2.0-only
/*
 * The monitor: a link that tells what happens on the others.
 *
 * A link made on /dev/ddlink becomes a monitor by its first message. Probes on
 * the tracepoints ddlink:*, attached while there is a monitor, turn each event
 * into a struct ddlink_event and queue it on every monitor that may see it,
 * merged with the fork, exec and exit of tasks. Monitors are no kind of link
 * that is traced, so what they do is never an event.
 *
 * Locks: the traced link's queue, then monitor->lock, then the monitor's queue.
 */
#include <linux/binfmts.h>
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/init.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/pid_namespace.h>
#include <linux/rculist.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/tracepoint.h>
#include <trace/events/sched.h>
#include "internal.h"

#define MONITOR_SNAPLEN		256
#define MONITOR_ITEMS		16384U

/* Each event is taken to every monitor: how many there may be without right. */
#define MONITORS_UNPRIVILEGED	16

/**
 * struct monitor - private part of a link made on /dev/ddlink
 * @node:	in monitors, once the first message has said so
 * @link:	the link
 * @ns:		pid namespace of the maker, that of all pids in the records
 * @uid:	of the maker
 * @all:	CAP_PERFMON: sees every link, not only those of its own user
 * @snaplen:	bytes of payload to show
 * @lock:	gives the records one order: held while a record is numbered,
 *		timed and queued
 * @seq:	events so far
 */
struct monitor {
	struct list_head node;
	struct ddlink *link;
	struct pid_namespace *ns;
	kuid_t uid;
	bool all;
	u32 snaplen;
	spinlock_t lock;	/* protects seq */
	u64 seq;
};

/* Walked by the probes under RCU; changed under monitors_mutex. */
static LIST_HEAD(monitors);
static DEFINE_MUTEX(monitors_mutex);
static int monitors_unprivileged;

/* ---- from events to records ---- */

/* May @monitor see what is done with the rights of @cred? NULL: nobody's. */
static bool monitor_sees(struct monitor *monitor, const struct cred *cred)
{
	return monitor->all || (cred && uid_eq(cred->euid, monitor->uid));
}

static void monitor_set_task(struct monitor *monitor, struct ddlink_event *event)
{
	if (!in_task())
		return;
	event->pid = task_pid_nr_ns(current, monitor->ns);
	event->tgid = task_tgid_nr_ns(current, monitor->ns);
	/* not get_task_comm(): its lock is not for interrupts */
	memcpy(event->comm, current->comm, sizeof(event->comm));
}

/* Complete @event by what differs between monitors, and queue it. */
static void monitor_record(struct monitor *monitor, struct ddlink_event event,
			   const void *payload, u32 size)
{
	struct ddlink_event *record;
	struct ddlink_item *item;
	unsigned long flags;

	event.snap = min(size, monitor->snaplen);
	if (event.snap < size)
		event.flags |= DDLINK_EVF_TRUNCATED;
	event.size = ALIGN(sizeof(event) + event.snap, 8);
	monitor_set_task(monitor, &event);
	item = ddlink_alloc(monitor->link, event.size, GFP_NOWAIT);

	spin_lock_irqsave(&monitor->lock, flags);
	event.seq = monitor->seq++;
	event.time_ns = ktime_get_ns();
	if (!IS_ERR(item)) {
		record = (void *)item->data;
		*record = event;
		memcpy(record->payload, payload, event.snap);
		memset(record->payload + event.snap, 0,
		       event.size - sizeof(event) - event.snap);
	}
	ddlink_queue(monitor->link, item);
	spin_unlock_irqrestore(&monitor->lock, flags);
}

/* The probe of all ddlink tracepoints; @data is the enum ddlink_event_type. */
static void monitor_link_event(void *data, const struct ddlink *link,
			       const struct ddlink_item *item, u32 value,
			       int result)
{
	enum ddlink_event_type type = (unsigned long)data;
	struct ddlink_event event = {
		.type = type,
		.link = link->id,
		.flags = ddlink_event_flags(link, item),
		.item = ddlink_item_id(link, item),
		.result = result,
		.value = value,
		.items = link->items,
		.bytes = link->bytes,
	};
	/* after the last close, a link is nobody's */
	const struct cred *cred = link->file ? link->file->f_cred : NULL;
	const void *payload = NULL;
	struct monitor *monitor;

	if (item) {
		payload = item->data;
		event.len = item->size;
	} else if (type == DDLINK_EV_CREATE) {
		payload = link->ops->kind;
		event.len = strlen(payload);
	}

	list_for_each_entry_rcu(monitor, &monitors, node) {
		if (!monitor_sees(monitor, cred))
			continue;
		if (type == DDLINK_EV_WRITE)
			event.len = value;
		monitor_record(monitor, event, payload, payload ? event.len : 0);
	}
}

/*
 * Tell of a task to the monitors whose pid namespace it is in. Who may not
 * see the links of the task's user does not see @payload either.
 */
static void monitor_task_event(struct ddlink_event *event,
			       struct task_struct *child, const char *payload)
{
	struct monitor *monitor;
	u32 size = 0;

	if (payload)
		event->len = strlen(payload);
	list_for_each_entry_rcu(monitor, &monitors, node) {
		if (!task_pid_nr_ns(current, monitor->ns))
			continue;
		if (child)
			event->value = task_pid_nr_ns(child, monitor->ns);
		event->flags &= ~DDLINK_EVF_HIDDEN;
		size = event->len;
		if (payload && !monitor_sees(monitor, current_cred())) {
			event->flags |= DDLINK_EVF_HIDDEN;
			size = 0;
		}
		monitor_record(monitor, *event, payload, size);
	}
}

static void monitor_fork(void *data, struct task_struct *parent,
			 struct task_struct *child)
{
	struct ddlink_event event = { .type = DDLINK_EV_FORK };

	if (same_thread_group(parent, child))
		event.flags = DDLINK_EVF_THREAD;
	monitor_task_event(&event, child, NULL);
}

static void monitor_exec(void *data, struct task_struct *task, pid_t old_pid,
			 struct linux_binprm *bprm)
{
	struct ddlink_event event = { .type = DDLINK_EV_EXEC };

	monitor_task_event(&event, NULL, bprm->filename);
}

static void monitor_exit(void *data, struct task_struct *task)
{
	struct ddlink_event event = {
		.type = DDLINK_EV_EXIT,
		.result = task->exit_code,
	};

	/* the process ends with its last thread, be it the leader or not */
	if (atomic_read(&task->signal->live))
		event.flags = DDLINK_EVF_THREAD;
	monitor_task_event(&event, NULL, NULL);
}

/* ---- probes ---- */

#define MONITOR_PROBE(name, probe, type)				\
	{ &__tracepoint_##name, (void *)(probe), (void *)(unsigned long)(type) }
#define MONITOR_LINK_PROBE(name, type)					\
	MONITOR_PROBE(ddlink_##name, monitor_link_event, DDLINK_EV_##type)

static const struct {
	struct tracepoint *tracepoint;
	void *probe;
	void *data;
} monitor_probes[] = {
	MONITOR_LINK_PROBE(create, CREATE),
	MONITOR_LINK_PROBE(enter, ENTER),
	MONITOR_LINK_PROBE(write, WRITE),
	MONITOR_LINK_PROBE(queue, QUEUE),
	MONITOR_LINK_PROBE(post, POST),
	MONITOR_LINK_PROBE(drop, DROP),
	MONITOR_LINK_PROBE(read, READ),
	MONITOR_LINK_PROBE(poll, POLL),
	MONITOR_LINK_PROBE(wake, WAKE),
	MONITOR_LINK_PROBE(ioctl, IOCTL),
	MONITOR_LINK_PROBE(hangup, HANGUP),
	MONITOR_LINK_PROBE(release, RELEASE),
	MONITOR_PROBE(sched_process_fork, monitor_fork, 0),
	MONITOR_PROBE(sched_process_exec, monitor_exec, 0),
	MONITOR_PROBE(sched_process_exit, monitor_exit, 0),
};

/* Detach the first @count probes and wait for those that run. */
static void monitor_detach(int count)
{
	while (count--)
		tracepoint_probe_unregister(monitor_probes[count].tracepoint,
					    monitor_probes[count].probe,
					    monitor_probes[count].data);
}

static int monitor_attach(void)
{
	int i, err;

	for (i = 0; i < ARRAY_SIZE(monitor_probes); i++) {
		err = tracepoint_probe_register(monitor_probes[i].tracepoint,
						monitor_probes[i].probe,
						monitor_probes[i].data);
		if (err) {
			monitor_detach(i);
			return err;
		}
	}
	return 0;
}

static int monitor_start(struct monitor *monitor)
{
	int err = 0;

	mutex_lock(&monitors_mutex);
	if (!monitor->all && monitors_unprivileged == MONITORS_UNPRIVILEGED)
		err = -EBUSY;
	else if (list_empty(&monitors))
		err = monitor_attach();
	if (!err) {
		list_add_rcu(&monitor->node, &monitors);
		monitors_unprivileged += !monitor->all;
	}
	mutex_unlock(&monitors_mutex);
	return err;
}

static void monitor_stop(struct monitor *monitor)
{
	mutex_lock(&monitors_mutex);
	list_del_rcu(&monitor->node);
	monitors_unprivileged -= !monitor->all;
	if (list_empty(&monitors))
		monitor_detach(ARRAY_SIZE(monitor_probes));
	mutex_unlock(&monitors_mutex);
	tracepoint_synchronize_unregister();
}

/* ---- the link ---- */

static int monitor_write(struct ddlink *link, void *msg, size_t len)
{
	struct monitor *monitor = link->private;
	u32 snaplen = MONITOR_SNAPLEN;
	char *word, *text = strim(msg);
	int err;

	if (!list_empty(&monitor->node))
		return ddlink_error(link, -EINVAL, "this link is a monitor already");
	word = strsep(&text, " ");
	if (strcmp(word, "monitor"))
		return ddlink_error(link, -EINVAL,
				    "unknown kind of link '%.32s', try 'monitor'", word);
	while ((word = strsep(&text, " "))) {
		if (!*word)
			continue;
		if (!str_has_prefix(word, "snaplen="))
			return ddlink_error(link, -EINVAL,
					    "unknown option '%.32s', try 'snaplen=N'", word);
		if (kstrtou32(word + strlen("snaplen="), 0, &snaplen) ||
		    snaplen > DDLINK_SNAPLEN_MAX)
			return ddlink_error(link, -EINVAL,
					    "'%.32s' is not within 0 to %d",
					    word, DDLINK_SNAPLEN_MAX);
	}
	monitor->snaplen = snaplen;
	err = monitor_start(monitor);
	if (err == -EBUSY)
		return ddlink_error(link, err, "%d monitors watch already, more need CAP_PERFMON",
				    MONITORS_UNPRIVILEGED);
	if (err)
		return ddlink_error(link, err, "cannot attach to the tracepoints");
	return 0;
}

static void monitor_release(struct ddlink *link)
{
	struct monitor *monitor = link->private;

	if (!list_empty(&monitor->node))
		monitor_stop(monitor);
	put_pid_ns(monitor->ns);
	kfree(monitor);
}

/* Called by monitor_record(), with monitor->lock held: its event is lost. */
static size_t monitor_overflow(struct ddlink *link, void *payload, bool first)
{
	struct monitor *monitor = link->private;
	struct ddlink_event *event = payload;

	if (first) {
		*event = (struct ddlink_event){
			.size = sizeof(*event),
			.type = DDLINK_EV_OVERFLOW,
			.seq = monitor->seq - 1,
			.time_ns = ktime_get_ns(),
		};
	}
	event->value++;
	return sizeof(*event);
}

static const struct ddlink_ops monitor_ops = {
	.owner		= THIS_MODULE,
	.kind		= "monitor",
	.flags		= DDLINK_UNTRACED,
	.write		= monitor_write,
	.ioctl		= ddlink_fionread,
	.release	= monitor_release,
	.overflow	= monitor_overflow,
};

static long monitor_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct monitor *monitor;
	struct ddlink *link;

	if (cmd != DDLINK_OPEN)
		return -ENOTTY;
	monitor = kzalloc(sizeof(*monitor), GFP_KERNEL_ACCOUNT);
	if (!monitor)
		return -ENOMEM;
	link = ddlink_create(&monitor_ops, monitor);
	if (IS_ERR(link)) {
		kfree(monitor);
		return PTR_ERR(link);
	}
	INIT_LIST_HEAD(&monitor->node);
	spin_lock_init(&monitor->lock);
	monitor->link = link;
	monitor->ns = get_pid_ns(task_active_pid_ns(current));
	monitor->uid = link->file->f_cred->euid;
	monitor->all = perfmon_capable();
	link->max_items = max(link->max_items, MONITOR_ITEMS);
	return ddlink_install(link);
}

static const struct file_operations monitor_fops = {
	.owner		= THIS_MODULE,
	.open		= nonseekable_open,
	.unlocked_ioctl	= monitor_ioctl,
	.compat_ioctl	= compat_ptr_ioctl,
};

static struct miscdevice monitor_device = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "ddlink",
	.mode	= 0666,
	.fops	= &monitor_fops,
};

builtin_misc_device(monitor_device);
