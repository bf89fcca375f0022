// SPDX-License-Identifier: GPL-2.0-only
/*
 * ddlink: a pipe-like file descriptor between a program and a kernel component.
 *
 * A write is not buffered: it runs the component's handler in the writer's
 * context, one command of a link at a time. A read takes one whole item off
 * the link's queue, in three steps: look at the first item, copy it with no
 * spinlock held, then unlink that very item. Only readers take items off the
 * queue, one at a time (an unread error text apart), so the item is stable
 * while it is copied, whatever is queued meanwhile, and a reader that fails
 * leaves it where it was.
 *
 * The queue's lock is that of the wait queue, as in eventfd: whoever changes
 * the queue also wakes those who wait for it. It is never held while sleeping.
 */
#include <linux/anon_inodes.h>
#include <linux/cred.h>
#include <linux/export.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/memcontrol.h>
#include <linux/module.h>
#include <linux/mm.h>
#include <linux/uio.h>
#include "internal.h"

/* ---- the queue: all of this is called under its lock ---- */

static void ddlink_wake(struct ddlink *link, __poll_t mask)
{
	/* its own lock is held: who comes to wait looks at the queue after */
	if (!waitqueue_active(&link->wait))
		return;
	trace_ddlink_wake(link, NULL, (__force u32)mask, 0, false);
	if (mask & EPOLLHUP)
		wake_up_all_locked(&link->wait);	/* exclusive waiters, too */
	else
		wake_up_locked_poll(&link->wait, mask);
}

/*
 * Hold room for @item. Once refused, a link is full until a read makes room,
 * even if a smaller item would still fit: whoever polls for room after a
 * refusal sleeps rather than spins.
 */
int ddlink_charge(struct ddlink *link, struct ddlink_item *item)
{
	if (item->charge > link->max_bytes)
		return -EMSGSIZE;
	if (link->count >= link->max_items ||
	    (u64)link->charge + item->charge > link->max_bytes) {
		link->full = true;
		return -ENOBUFS;
	}
	link->charge += item->charge;
	if (++link->count == link->max_items || link->charge == link->max_bytes)
		link->full = true;
	item->reserved = true;
	return 0;
}

/* Give back the room of @item, which leaves the queue or was never in it. */
static void ddlink_uncharge(struct ddlink *link, struct ddlink_item *item,
			    bool read)
{
	if (!item->reserved)
		return;
	item->reserved = false;
	link->count--;
	link->charge -= item->charge;
	if (link->full && (read || !link->count)) {
		link->full = false;
		ddlink_wake(link, EPOLLOUT | EPOLLWRNORM);
	}
}

static void ddlink_insert(struct ddlink *link, struct ddlink_item *item,
			  struct list_head *after)
{
	list_add(&item->node, after);
	item->seq = ++link->seq;
	link->bytes += item->size;
	if (++link->items > link->peak)
		link->peak = link->items;
}

static void ddlink_unlink(struct ddlink *link, struct ddlink_item *item)
{
	if (link->posts == &item->node)
		link->posts = item->node.prev;
	if (link->text == item)
		link->text = NULL;
	list_del_init(&item->node);
	link->bytes -= item->size;
	link->items--;
}

/* Write into the overflow item how many items are lost. */
static void ddlink_tell(struct ddlink *link)
{
	struct ddlink_overflow *told = (void *)link->overflow.data;

	link->told = link->lost;
	if (link->ops->overflow) {
		link->ops->overflow(link, told, link->lost);
	} else {
		told->magic = DDLINK_OVERFLOW_MAGIC;
		told->lost = link->lost;
	}
}

/* Have the overflow item stand where the first loss happened. */
static void ddlink_overflow(struct ddlink *link)
{
	if (!link->lost || !list_empty(&link->overflow.node))
		return;
	ddlink_tell(link);
	ddlink_insert(link, &link->overflow, link->queue.prev);
	trace_ddlink_queue(link, &link->overflow, 0, 0, false);
	ddlink_wake(link, EPOLLIN | EPOLLRDNORM);
}

/* ---- items ---- */

static void ddlink_discard(struct ddlink *link, struct ddlink_item *item)
{
	if (item != &link->overflow)
		kvfree(item);
}

/**
 * ddlink_alloc - make an item
 * @link:	the link it is for, whose maker's memory cgroup pays
 * @size:	bytes of payload, 1 to DDLINK_ITEM_MAX
 * @gfp:	GFP_KERNEL, or GFP_NOWAIT and the like from atomic context
 *
 * Fill the payload to the last byte, or pass __GFP_ZERO: a reader sees it all.
 * Who needs less in the end may lower item->size, but not to 0.
 *
 * At its limit, the maker's cgroup gets -ENOMEM rather than an OOM kill that
 * somebody else's write has brought about.
 *
 * Return: the item, or NULL. ddlink_queue() takes NULL for an item that is
 * lost for want of memory.
 */
struct ddlink_item *ddlink_alloc(struct ddlink *link, size_t size, gfp_t gfp)
{
	struct ddlink_item *item = NULL;
	struct mem_cgroup *old;

	if (size - 1 < DDLINK_ITEM_MAX) {
		old = set_active_memcg(link->memcg);
		item = kvmalloc(struct_size(item, data, size + 1),
				gfp | __GFP_ACCOUNT | __GFP_NOWARN |
				__GFP_RETRY_MAYFAIL);
		set_active_memcg(old);
	}
	if (item) {
		item->seq = 0;
		item->size = size;
		item->charge = kmalloc_size_roundup(sizeof(*item) + size + 1);
		item->reserved = false;
		item->text = false;
		item->data[size] = 0;
	}
	return item;
}
EXPORT_SYMBOL_GPL(ddlink_alloc);

/**
 * ddlink_free - free an item that was not queued
 * @link:	its link
 * @item:	the item, or NULL; room that it reserved is given back
 */
void ddlink_free(struct ddlink *link, struct ddlink_item *item)
{
	unsigned long flags;

	if (item && item->reserved) {
		spin_lock_irqsave(&link->wait.lock, flags);
		ddlink_uncharge(link, item, false);
		spin_unlock_irqrestore(&link->wait.lock, flags);
	}
	kvfree(item);
}
EXPORT_SYMBOL_GPL(ddlink_free);

static enum ddlink_drop_reason ddlink_drop_reason(int err)
{
	switch (err) {
	case -EPIPE:
		return DDLINK_DROP_RELEASED;
	case -ENODEV:
		return DDLINK_DROP_HUNGUP;
	case -ENOMEM:
		return DDLINK_DROP_NOMEM;
	default:
		return DDLINK_DROP_FULL;
	}
}

/*
 * Queue @item, or free it and say why not. Three places: an error text comes
 * first of all, for whoever got -1 reads once for it; other posts after those
 * that wait already; the rest last. Posts are told of a full queue by the
 * return value, so that only what was to come last counts as lost.
 */
int ddlink_add(struct ddlink *link, struct ddlink_item *item, bool post)
{
	struct list_head *after;
	unsigned long flags;
	int err;

	spin_lock_irqsave(&link->wait.lock, flags);
	err = link->gone;
	if (!err && !item)
		err = -ENOMEM;
	/* a handler may have shrunk it; an empty one would read as no item */
	if (!err && !item->size)
		err = -EINVAL;
	if (!err && !item->reserved && !item->text)
		err = ddlink_charge(link, item);
	if (!err) {
		after = link->queue.prev;
		if (post) {
			after = item->text ? &link->queue : link->posts;
			if (after == link->posts)
				link->posts = &item->node;
		}
		ddlink_insert(link, item, after);
		if (item->text)
			link->text = item;
		if (post)
			trace_ddlink_post(link, item, 0, 0, false);
		else
			trace_ddlink_queue(link, item, 0, 0, false);
		ddlink_wake(link, EPOLLIN | EPOLLRDNORM);
	} else {
		trace_ddlink_drop(link, item, ddlink_drop_reason(err), err, false);
		if (!post && !link->gone && err != -EINVAL) {
			link->dropped++;
			link->lost++;
			ddlink_overflow(link);
		}
	}
	spin_unlock_irqrestore(&link->wait.lock, flags);
	if (err)
		ddlink_free(link, item);
	return err;
}

/**
 * ddlink_queue - queue an asynchronous result
 * @link:	the link
 * @item:	what ddlink_alloc() or ddlink_reserve() gave, NULL included
 *
 * Appends the item, from any context but NMI. Without room or memory the item
 * is lost, and an item in its place tells the reader how many were.
 *
 * An item that is refused is freed at once. One of more than a page may be
 * vmalloc()ed, and is not for callers that hold a spinlock.
 *
 * Return: 0; -ENOBUFS, -EMSGSIZE or -ENOMEM if lost; -EINVAL if it is empty;
 * -ENODEV after a hang-up; -EPIPE after the last close. The item is gone in any
 * case.
 */
int ddlink_queue(struct ddlink *link, struct ddlink_item *item)
{
	return ddlink_add(link, item, false);
}
EXPORT_SYMBOL_GPL(ddlink_queue);

/**
 * ddlink_post - queue an immediate result of a command
 * @link:	the link
 * @item:	what ddlink_alloc(), ddlink_reserve() or ddlink_take() gave
 *
 * Puts the item ahead of the asynchronous ones and behind earlier posts. A
 * command with an effect reserves its items before it has the effect; then
 * this cannot fail for want of room.
 *
 * Return: 0; -ENOBUFS if the queue is full; -ENOMEM if @item is NULL; -ENODEV
 * and -EPIPE as ddlink_queue(). The item is gone in any case.
 */
int ddlink_post(struct ddlink *link, struct ddlink_item *item)
{
	return ddlink_add(link, item, true);
}
EXPORT_SYMBOL_GPL(ddlink_post);

/*
 * Drop the error text that nobody read. If one is just being read, its reader
 * will end it.
 */
void ddlink_drop_text(struct ddlink *link)
{
	struct ddlink_item *text;

	if (!READ_ONCE(link->text))
		return;
	spin_lock_irq(&link->wait.lock);
	text = link->text;
	if (text == link->reading) {
		link->text = NULL;
		text = NULL;
	}
	if (text) {
		ddlink_unlink(link, text);
		trace_ddlink_drop(link, text, DDLINK_DROP_STALE_TEXT, 0, false);
	}
	spin_unlock_irq(&link->wait.lock);
	kvfree(text);
}

/**
 * ddlink_notify - wake who polls a link
 * @link:	the link
 * @mask:	what poll has to say now, such as EPOLLOUT | EPOLLWRNORM
 *
 * For components whose ops->poll has changed its mind. From any context but
 * NMI.
 */
void ddlink_notify(struct ddlink *link, __poll_t mask)
{
	unsigned long flags;

	spin_lock_irqsave(&link->wait.lock, flags);
	ddlink_wake(link, mask);
	spin_unlock_irqrestore(&link->wait.lock, flags);
}
EXPORT_SYMBOL_GPL(ddlink_notify);

/* ---- the file ---- */

static bool ddlink_nowait(const struct kiocb *iocb)
{
	return iocb->ki_flags & IOCB_NOWAIT ||
	       iocb->ki_filp->f_flags & O_NONBLOCK;
}

static int ddlink_lock(struct mutex *mutex, bool nowait)
{
	if (mutex_trylock(mutex))
		return 0;
	if (nowait)
		return -EAGAIN;
	return mutex_lock_interruptible(mutex) ? -ERESTARTSYS : 0;
}

static ssize_t ddlink_read_item(struct ddlink *link, struct iov_iter *to,
				bool nowait)
{
	size_t len = iov_iter_count(to);
	struct ddlink_item *item;
	ssize_t ret;
	bool gone;

	spin_lock_irq(&link->wait.lock);
	item = ddlink_first(link);
	link->reading = item;
	if (item == &link->overflow)
		ddlink_tell(link);
	if (!item)
		trace_ddlink_read(link, NULL, len, 0, nowait);
	spin_unlock_irq(&link->wait.lock);
	if (!item)
		return 0;

	ret = item->size;
	if (ret > len)
		ret = -EIO;
	else if (copy_to_iter(item->data, ret, to) != ret)
		ret = -EFAULT;

	spin_lock_irq(&link->wait.lock);
	link->reading = NULL;
	gone = ret > 0 || (item->text && link->text != item);
	if (gone)
		ddlink_unlink(link, item);
	trace_ddlink_read(link, item, len, ret, nowait);
	if (gone)
		ddlink_uncharge(link, item, true);
	if (gone && item == &link->overflow) {
		link->lost -= link->told;
		ddlink_overflow(link);
	}
	spin_unlock_irq(&link->wait.lock);
	if (gone)
		ddlink_discard(link, item);
	return ret;
}

static ssize_t ddlink_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct ddlink *link = iocb->ki_filp->private_data;
	bool nowait = ddlink_nowait(iocb);
	ssize_t ret = 0;

	if (READ_ONCE(link->items)) {
		ret = ddlink_lock(&link->reader, nowait);
		if (!ret) {
			ret = ddlink_read_item(link, to, nowait);
			mutex_unlock(&link->reader);
			return ret;
		}
	}
	ddlink_trace(read, link, NULL, iov_iter_count(to), ret, nowait);
	return ret;
}

/* Begin a command: one at a time, none after a hang-up. */
static int ddlink_begin(struct ddlink *link, bool nowait)
{
	int err = ddlink_lock(&link->command, nowait);

	if (err)
		return err;
	if (link->gone) {
		mutex_unlock(&link->command);
		return -ENODEV;
	}
	ddlink_drop_text(link);
	return 0;
}

/*
 * End a command. What ran may have had an effect: it is not for the kernel to
 * run it again after a signal.
 */
static long ddlink_end(struct ddlink *link, long err)
{
	mutex_unlock(&link->command);
	switch (err) {
	case -ERESTARTSYS:
	case -ERESTARTNOINTR:
	case -ERESTARTNOHAND:
	case -ERESTART_RESTARTBLOCK:
		return -EINTR;
	default:
		return err;
	}
}

static int ddlink_write(struct ddlink *link, struct kiocb *iocb,
			struct iov_iter *from, size_t len)
{
	struct ddlink_item *msg;
	int err;

	if (len > DDLINK_ITEM_MAX)
		return -EMSGSIZE;
	if (!link->ops->write)
		return -EINVAL;
	if (READ_ONCE(link->gone))
		return -ENODEV;
	if (iocb->ki_flags & IOCB_NOWAIT && !(link->ops->flags & DDLINK_NOSLEEP))
		return -EAGAIN;
	msg = ddlink_alloc(link, len, GFP_KERNEL);
	if (!msg)
		return -ENOMEM;
	err = -EFAULT;
	if (!copy_from_iter_full(msg->data, len, from))
		goto free;
	err = ddlink_begin(link, ddlink_nowait(iocb));
	if (err)
		goto free;
	link->msg = msg;
	ddlink_trace(enter, link, msg, 0, 0, ddlink_nowait(iocb));
	err = link->ops->write(link, msg->data, len);
	msg = ddlink_take(link);
	err = ddlink_end(link, err);
free:
	ddlink_free(link, msg);
	return err;
}

static ssize_t ddlink_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct ddlink *link = iocb->ki_filp->private_data;
	size_t len = iov_iter_count(from);
	ssize_t ret = len;
	int err;

	if (len) {
		err = ddlink_write(link, iocb, from, len);
		if (err < 0)
			ret = err;
	}
	ddlink_trace(write, link, NULL, len, ret, ddlink_nowait(iocb));
	return ret;
}

static long ddlink_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct ddlink *link = file->private_data;
	const struct ddlink_ops *ops = link->ops;
	bool nowait = file->f_flags & O_NONBLOCK;
	long ret = -ENOIOCTLCMD;

	if (ops->query)
		ret = ops->query(link, cmd, arg);
	/* with no command to run, isatty() and the like must not cost a text */
	if (ret == -ENOIOCTLCMD && ops->ioctl) {
		ret = ddlink_begin(link, nowait);
		if (!ret)
			ret = ddlink_end(link, ops->ioctl(link, cmd, arg));
	}
	if (ret == -ENOIOCTLCMD)
		ret = READ_ONCE(link->gone) ? -ENODEV : -ENOTTY;
	ddlink_trace(ioctl, link, NULL, cmd, ret, nowait);
	return ret;
}

static __poll_t ddlink_poll(struct file *file, poll_table *wait)
{
	struct ddlink *link = file->private_data;
	__poll_t mask = 0;

	poll_wait(file, &link->wait, wait);
	spin_lock_irq(&link->wait.lock);
	if (link->items)
		mask |= EPOLLIN | EPOLLRDNORM;
	if (link->gone)
		mask |= EPOLLHUP;
	else if (!link->full)
		mask |= EPOLLOUT | EPOLLWRNORM;
	if (link->ops->poll && !link->gone)
		mask = link->ops->poll(link, mask);
	trace_ddlink_poll(link, NULL, (__force u32)mask, 0, false);
	spin_unlock_irq(&link->wait.lock);
	return mask;
}

/* ---- life ---- */

static void ddlink_destroy(struct kref *ref)
{
	struct ddlink *link = container_of(ref, struct ddlink, ref);

	mem_cgroup_put(link->memcg);
	put_cred(link->cred);
	module_put(link->ops->owner);
	kfree(link);
}

/**
 * ddlink_put - give back what ddlink_get() holds
 * @link: the link
 */
void ddlink_put(struct ddlink *link)
{
	kref_put(&link->ref, ddlink_destroy);
}
EXPORT_SYMBOL_GPL(ddlink_put);

/* The file is gone, or never came to be. */
static void ddlink_close(struct ddlink *link)
{
	struct ddlink_item *item, *next;
	LIST_HEAD(queue);

	ddlink_leave(link);
	spin_lock_irq(&link->wait.lock);
	link->gone = -EPIPE;
	list_splice_init(&link->queue, &queue);
	trace_ddlink_release(link, NULL, 0, 0, false);
	/* who holds the link on finds an empty queue, not freed items */
	link->posts = &link->queue;
	link->text = NULL;
	link->items = 0;
	link->bytes = 0;
	spin_unlock_irq(&link->wait.lock);
	list_for_each_entry_safe(item, next, &queue, node)
		ddlink_discard(link, item);
	INIT_LIST_HEAD(&link->overflow.node);
	if (link->ops->release)
		link->ops->release(link);
	ddlink_put(link);
}

static int ddlink_release(struct inode *inode, struct file *file)
{
	ddlink_close(file->private_data);
	return 0;
}

static const struct file_operations ddlink_fops = {
	.release	= ddlink_release,
	.read_iter	= ddlink_read_iter,
	.write_iter	= ddlink_write_iter,
	.poll		= ddlink_poll,
	.unlocked_ioctl	= ddlink_ioctl,
	.compat_ioctl	= compat_ptr_ioctl,
	.show_fdinfo	= ddlink_show_fdinfo,
};

/**
 * ddlink_create - make a link
 * @ops:	what the component does with it
 * @private:	the component's own, for link->private
 *
 * From here on @private belongs to the link: ops->release gets it back once,
 * also if ddlink_install() fails. If this fails, it stays with the caller.
 *
 * Whoever makes links checks the rights for all that can be done by them.
 *
 * Return: the link, or ERR_PTR.
 */
struct ddlink *ddlink_create(const struct ddlink_ops *ops, void *private)
{
	size_t told = max(ops->overflow_size, sizeof(struct ddlink_overflow));
	static struct lock_class_key untraced;
	static atomic64_t id;
	struct ddlink *link;

	link = kzalloc(sizeof(*link) + told, GFP_KERNEL_ACCOUNT);
	if (!link)
		return ERR_PTR(-ENOMEM);
	if (!try_module_get(ops->owner)) {
		kfree(link);
		return ERR_PTR(-ENODEV);
	}
	link->private = private;
	link->ops = ops;
	link->cred = get_current_cred();
	link->memcg = get_mem_cgroup_from_mm(current->mm);
	link->max_items = READ_ONCE(ddlink_max_items);
	link->max_bytes = READ_ONCE(ddlink_max_bytes);
	link->id = atomic64_inc_return(&id);
	kref_init(&link->ref);
	mutex_init(&link->command);
	mutex_init(&link->reader);
	init_waitqueue_head(&link->wait);
	/* a monitor's queue is locked inside of that of the link it watches */
	if (ops->flags & DDLINK_UNTRACED)
		lockdep_set_class(&link->wait.lock, &untraced);
	INIT_LIST_HEAD(&link->queue);
	link->posts = &link->queue;
	INIT_LIST_HEAD(&link->group);
	INIT_LIST_HEAD(&link->overflow.node);
	link->overflow.size = told;
	ddlink_trace(create, link, NULL, 0, 0, false);
	return link;
}
EXPORT_SYMBOL_GPL(ddlink_create);

/**
 * ddlink_install - give the program its link
 * @link: what ddlink_create() made
 *
 * The last step: once there is a descriptor, the link may be used and closed
 * at any moment, by any thread.
 *
 * Return: the descriptor, close-on-exec, or -errno, and then the link is
 * released.
 */
int ddlink_install(struct ddlink *link)
{
	int fd = get_unused_fd_flags(O_CLOEXEC);
	struct file *file;

	if (fd < 0)
		goto close;
	file = anon_inode_create_getfile("[ddlink]", &ddlink_fops, link, O_RDWR,
					 NULL);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		fd = PTR_ERR(file);
		goto close;
	}
	file->f_mode |= FMODE_NOWAIT;
	fd_install(fd, file);
	return fd;
close:
	ddlink_close(link);
	return fd;
}
EXPORT_SYMBOL_GPL(ddlink_install);

/**
 * ddlink_hangup - the component's side is gone
 * @link: the link
 *
 * Waits for the command that is running; none begins afterwards, and nothing
 * is queued any more. Readers drain what is queued. May sleep; not to be
 * called by the link's own handlers, nor with a lock that they take.
 */
void ddlink_hangup(struct ddlink *link)
{
	mutex_lock(&link->command);
	spin_lock_irq(&link->wait.lock);
	if (!link->gone) {
		link->gone = -ENODEV;
		trace_ddlink_hangup(link, NULL, 0, 0, false);
		ddlink_wake(link, EPOLLHUP);
	}
	spin_unlock_irq(&link->wait.lock);
	mutex_unlock(&link->command);
}
EXPORT_SYMBOL_GPL(ddlink_hangup);
