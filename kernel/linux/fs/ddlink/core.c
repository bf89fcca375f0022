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
 * An item holds room in its queue from its birth to its end, so that whoever
 * has one can queue it. Error texts and what tells of losses take none. What
 * items leave behind is kept for the next ones, 8 KiB of it at most, as a pipe
 * does with two of its pages: then a message and its answer allocate nothing.
 *
 * The queue's lock is that of the wait queue, as in eventfd: whoever changes
 * the queue also wakes those who wait for it. It is never held while sleeping.
 */
#include <linux/anon_inodes.h>
#include <linux/export.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/memcontrol.h>
#include <linux/module.h>
#include <linux/mm.h>
#include <linux/uio.h>
#include "internal.h"

#define DDLINK_IN	(EPOLLIN | EPOLLRDNORM)
#define DDLINK_OUT	(EPOLLOUT | EPOLLWRNORM)

/* ---- the queue: all of this is called under its lock ---- */

static void ddlink_wake(struct ddlink *link, __poll_t mask)
{
	/* who comes to wait looks at the queue after */
	if (!waitqueue_active(&link->wait))
		return;
	ddlink_trace_locked(wake, link, NULL, (__force u32)mask, 0);
	wake_up_locked_poll(&link->wait, mask);
}

static void ddlink_insert(struct ddlink *link, struct ddlink_item *item,
			  struct list_head *after)
{
	list_add(&item->node, after);
	item->queued = true;
	if (!DDLINK_COUNTS)
		return;
	item->seq = ++link->seq;
	link->bytes += item->size;
	if (++link->items > link->peak)
		link->peak = link->items;
}

static void ddlink_unlink(struct ddlink *link, struct ddlink_item *item)
{
	if (link->posts == &item->node)
		link->posts = item->node.prev;
	__list_del_entry(&item->node);
	item->queued = false;
	if (!DDLINK_COUNTS)
		return;
	link->bytes -= item->size;
	link->items--;
}

/* End an item that is not queued. Is it to be freed? */
static bool ddlink_retire(struct ddlink *link, struct ddlink_item *item)
{
	if (item->charged) {
		link->count--;
		link->charge -= item->room;
		if (link->full) {
			link->full = false;
			ddlink_wake(link, DDLINK_OUT);
		}
	}
	if (!item->room)
		return false;	/* a part of the link */
	if (link->spare_bytes + item->room > DDLINK_SPARE_MAX)
		return true;
	link->spare_bytes += item->room;
	item->spare = link->spare;
	link->spare = item;
	return false;
}

/*
 * Drop the error text that nobody read. If it is just being read, its reader
 * frees it.
 */
static void ddlink_drop_text(struct ddlink *link)
{
	struct ddlink_item *text = ddlink_first(link);

	if (list_empty(&link->queue) || !text->text)
		return;
	ddlink_unlink(link, text);
	if (text == link->reading)
		return;
	ddlink_trace_locked(drop, link, text, DDLINK_DROP_STALE_TEXT, 0);
	if (ddlink_retire(link, text))
		kvfree(text);
}

/*
 * Count a lost item in the one that stands where the first was lost. While that
 * is being read it is too late for it to count: the other takes its turn, and
 * is free, for it came before.
 */
static struct ddlink_item *ddlink_lose(struct ddlink *link)
{
	struct ddlink_item *item;
	struct ddlink_overflow *told;

	if (DDLINK_COUNTS)
		link->dropped++;
	if (link->lost[0] == link->reading)
		swap(link->lost[0], link->lost[1]);
	item = link->lost[0];
	told = (void *)item->data;
	if (link->ops->overflow) {
		item->size = link->ops->overflow(link, told, !item->queued);
	} else {
		if (!item->queued)
			told->lost = 0;
		item->size = sizeof(*told);
		told->magic = DDLINK_OVERFLOW_MAGIC;
		told->lost++;
	}
	return item;
}

/* ---- items ---- */

/* The spare item that was kept last, if there is one of just this room. */
static struct ddlink_item *ddlink_spare(struct ddlink *link, u32 room)
{
	struct ddlink_item *item;
	unsigned long flags;

	spin_lock_irqsave(&link->wait.lock, flags);
	item = link->spare;
	if (item) {
		link->spare = item->spare;
		link->spare_bytes -= item->room;
	}
	spin_unlock_irqrestore(&link->wait.lock, flags);
	if (!item || item->room == room)
		return item;
	/* sizes have changed: one that fits will take its place */
	kvfree(item);
	return NULL;
}

/**
 * ddlink_new - make an item that takes no room, for ddlink_alloc()
 * @link:	the link it is for
 * @size:	bytes of payload
 * @gfp:	as for ddlink_alloc()
 *
 * Return: the item, or ERR_PTR: -ENOMEM or -EMSGSIZE.
 */
struct ddlink_item *ddlink_new(struct ddlink *link, size_t size, gfp_t gfp)
{
	struct ddlink_item *item;
	struct mem_cgroup *old;
	u32 room;

	if (size - 1 >= DDLINK_ITEM_MAX)
		return ERR_PTR(-EMSGSIZE);
	/* with the NUL, the next power of two: most of what an allocator takes */
	room = 2 << __fls(sizeof(*item) + size);
	item = ddlink_spare(link, room);
	if (!item) {
		gfp |= __GFP_ACCOUNT | __GFP_NOWARN | __GFP_RETRY_MAYFAIL;
		old = set_active_memcg(link->memcg);
		item = kvmalloc(room, gfp);
		set_active_memcg(old);
		if (!item)
			return ERR_PTR(-ENOMEM);
		item->room = room;
	}
	if (gfp & __GFP_ZERO)
		memset(item->data, 0, size);
	item->seq = 0;
	item->size = size;
	item->charged = false;
	item->queued = false;
	item->text = false;
	item->data[size] = 0;
	return item;
}
EXPORT_SYMBOL_GPL(ddlink_new);

/**
 * ddlink_charge - take room for an item, for ddlink_alloc()
 * @link:	its link
 * @item:	the item, or ERR_PTR
 *
 * Return: @item; ERR_PTR(-ENOBUFS) without room, and @item is freed.
 */
struct ddlink_item *ddlink_charge(struct ddlink *link, struct ddlink_item *item)
{
	unsigned long flags;

	if (IS_ERR(item))
		return item;
	spin_lock_irqsave(&link->wait.lock, flags);
	if (link->count < link->max_items &&
	    link->charge + item->room <= link->max_bytes) {
		link->count++;
		link->charge += item->room;
		link->full = link->count == link->max_items ||
			     link->charge == link->max_bytes;
		item->charged = true;
	} else {
		/* for this one, until any of those that have room gives it back */
		link->full = link->count;
	}
	spin_unlock_irqrestore(&link->wait.lock, flags);
	if (item->charged)
		return item;
	kvfree(item);
	return ERR_PTR(-ENOBUFS);
}
EXPORT_SYMBOL_GPL(ddlink_charge);

/**
 * ddlink_take - keep the message that the write handler was given
 * @link: the link
 *
 * To be called by the write handler, once.
 *
 * Return: the message as an item, as ddlink_alloc() makes it, or ERR_PTR(-ENOBUFS)
 * if the queue is full, and the message is gone.
 */
struct ddlink_item *ddlink_take(struct ddlink *link)
{
	struct ddlink_item *msg = link->msg;

	link->msg = NULL;
	return ddlink_charge(link, msg);
}
EXPORT_SYMBOL_GPL(ddlink_take);

/**
 * ddlink_free - free an item that was not queued
 * @link:	its link
 * @item:	the item, NULL or ERR_PTR
 */
void ddlink_free(struct ddlink *link, struct ddlink_item *item)
{
	unsigned long flags;
	bool dead;

	if (IS_ERR_OR_NULL(item))
		return;
	spin_lock_irqsave(&link->wait.lock, flags);
	dead = ddlink_retire(link, item);
	spin_unlock_irqrestore(&link->wait.lock, flags);
	if (dead)
		kvfree(item);
}
EXPORT_SYMBOL_GPL(ddlink_free);

/**
 * ddlink_add - queue an item, or free it and say why not
 * @link:	the link
 * @item:	the item, or ERR_PTR
 * @post:	ddlink_post() rather than ddlink_queue()
 *
 * Three places: an error text comes first of all, for whoever got -1 reads once
 * for it; other posts after those that wait already; the rest last.
 *
 * Return: as ddlink_queue().
 */
int ddlink_add(struct ddlink *link, struct ddlink_item *item, bool post)
{
	struct list_head *after;
	unsigned long flags;
	int err;

	spin_lock_irqsave(&link->wait.lock, flags);
	after = link->queue.prev;
	err = link->gone;
	if (!err && IS_ERR(item))
		err = PTR_ERR(item);
	else if (!err && !item->size)
		err = -EMSGSIZE;	/* would read as no item */
	if (err) {
		ddlink_trace_locked(drop, link, IS_ERR(item) ? NULL : item,
				    ddlink_drop_reason(err), err);
		if (!IS_ERR(item) || link->gone || post)
			goto free;
		item = ddlink_lose(link);
		if (item->queued)
			goto free;
	} else if (post) {
		after = link->posts;
		if (item->text) {
			ddlink_drop_text(link);
			after = &link->queue;
		}
		if (after == link->posts)
			link->posts = &item->node;
	}
	ddlink_insert(link, item, after);
	if (post)
		ddlink_trace_locked(post, link, item, 0, 0);
	else
		ddlink_trace_locked(queue, link, item, 0, 0);
	ddlink_wake(link, DDLINK_IN);
	item = NULL;
free:
	spin_unlock_irqrestore(&link->wait.lock, flags);
	if (item)
		ddlink_free(link, item);
	return err;
}
EXPORT_SYMBOL_GPL(ddlink_add);

/**
 * ddlink_post - queue an immediate result of a command
 * @link:	the link
 * @item:	what ddlink_alloc() or ddlink_take() gave, an error included
 *
 * Puts the item ahead of the asynchronous ones and behind earlier posts. An
 * item has its room since it was made: a command that makes its items before it
 * has an effect does not fail here for want of room.
 *
 * Return: as ddlink_queue(), but an error is no loss: the caller is told of it.
 */
int ddlink_post(struct ddlink *link, struct ddlink_item *item)
{
	return ddlink_add(link, item, true);
}
EXPORT_SYMBOL_GPL(ddlink_post);

/* ---- the file ---- */

/* Take a mutex that a reader or a writer may wait for. */
static int ddlink_lock(struct mutex *mutex, struct file *file, bool nowait)
{
	if (nowait || file->f_flags & O_NONBLOCK)
		return mutex_trylock(mutex) ? 0 : -EAGAIN;
	return mutex_lock_interruptible(mutex) ? -ERESTARTSYS : 0;
}

/*
 * Read the first item, into the vector @to or else into @buf. Readers take turns
 * by the lock of the file's position, which is here the first item. The VFS
 * itself takes it only for files that can seek.
 */
static ssize_t ddlink_do_read(struct file *file, struct iov_iter *to,
			      char __user *buf, size_t len, bool nowait)
{
	struct ddlink *link = file->private_data;
	struct ddlink_item *item = NULL;
	ssize_t ret = 0;
	bool dead;

	if (list_empty(&link->queue))
		goto out;
	ret = ddlink_lock(&file->f_pos_lock, file, nowait);
	if (ret)
		goto out;
	spin_lock_irq(&link->wait.lock);
	if (!list_empty(&link->queue))
		item = ddlink_first(link);
	link->reading = item;
	spin_unlock_irq(&link->wait.lock);
	if (!item)
		goto unlock;
	ret = item->size;
	if (ret > len)
		ret = -EIO;
	else if (to ? copy_to_iter(item->data, ret, to) != ret :
		      copy_to_user(buf, item->data, ret))
		ret = -EFAULT;
	spin_lock_irq(&link->wait.lock);
	link->reading = NULL;
	if (item->queued && ret > 0)
		ddlink_unlink(link, item);
	ddlink_trace_locked(read, link, item, len, ret);
	dead = !item->queued && ddlink_retire(link, item);
	spin_unlock_irq(&link->wait.lock);
	mutex_unlock(&file->f_pos_lock);
	if (dead)
		kvfree(item);
	return ret;
unlock:
	mutex_unlock(&file->f_pos_lock);
out:
	ddlink_trace(read, link, NULL, len, ret);
	return ret;
}

/* For readv() and io_uring. */
static ssize_t ddlink_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	return ddlink_do_read(iocb->ki_filp, to, NULL, iov_iter_count(to),
			      iocb->ki_flags & IOCB_NOWAIT);
}

static ssize_t ddlink_read(struct file *file, char __user *buf, size_t len,
			   loff_t *pos)
{
	return ddlink_do_read(file, NULL, buf, len, false);
}

/* Begin a command: one at a time, none after a hang-up. */
static int ddlink_begin(struct file *file, bool nowait)
{
	struct ddlink *link = file->private_data;
	int err = ddlink_lock(&link->command, file, nowait);

	/* it may be the hang-up that has the mutex, and has told of itself */
	if (err)
		return READ_ONCE(link->gone) ?: err;
	spin_lock_irq(&link->wait.lock);
	ddlink_drop_text(link);
	spin_unlock_irq(&link->wait.lock);
	err = link->gone;
	if (err)
		mutex_unlock(&link->command);
	return err;
}

/*
 * End a command. What ran may have had an effect: it is not for the kernel to
 * run it again after a signal.
 */
static noinline long ddlink_end(struct ddlink *link, long err)
{
	mutex_unlock(&link->command);
	if (err <= -ERESTARTSYS && err >= -ERESTART_RESTARTBLOCK &&
	    err != -ENOIOCTLCMD)
		err = -EINTR;
	return err;
}

/* Run the handler on a message, that in the vector @from or else in @buf. */
static ssize_t ddlink_do_write(struct file *file, struct iov_iter *from,
			       const char __user *buf, size_t len, bool nowait)
{
	struct ddlink *link = file->private_data;
	struct ddlink_item *msg;
	ssize_t ret = 0;
	int err = 0;

	if (!len)
		goto out;
	ret = -EAGAIN;
	if (nowait && !(link->ops->flags & DDLINK_NOSLEEP))
		goto out;
	msg = ddlink_new(link, len, GFP_KERNEL);
	if (IS_ERR(msg))
		err = PTR_ERR(msg);
	else if (from ? copy_from_iter(msg->data, len, from) != len :
			copy_from_user(msg->data, buf, len))
		err = -EFAULT;
	ret = ddlink_begin(file, nowait);
	if (!ret) {
		/* what cannot even be copied is refused like any command */
		if (!err) {
			ddlink_trace(enter, link, msg, 0, 0);
			link->msg = msg;
			err = link->ops->write(link, msg->data, len);
			msg = link->msg;
		}
		ret = ddlink_end(link, err) ?: len;
	}
	if (msg)
		ddlink_free(link, msg);
out:
	ddlink_trace(write, link, NULL, len, ret);
	return ret;
}

static ssize_t ddlink_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	return ddlink_do_write(iocb->ki_filp, from, NULL, iov_iter_count(from),
			       iocb->ki_flags & IOCB_NOWAIT);
}

static ssize_t ddlink_write(struct file *file, const char __user *buf,
			    size_t len, loff_t *pos)
{
	return ddlink_do_write(file, NULL, buf, len, false);
}

static long ddlink_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct ddlink *link = file->private_data;
	const struct ddlink_ops *ops = link->ops;
	long ret = ops->query(link, cmd, arg);

	/* with no command to run, isatty() and the like must not cost a text */
	if (ret == -ENOIOCTLCMD && ops->ioctl) {
		ret = ddlink_begin(file, false);
		if (!ret)
			ret = ddlink_end(link, ops->ioctl(link, cmd, arg));
	}
	ddlink_trace(ioctl, link, NULL, cmd,
		     ret == -ENOIOCTLCMD ? -ENOTTY : ret);
	return ret;
}

static __poll_t ddlink_poll(struct file *file, poll_table *wait)
{
	struct ddlink *link = file->private_data;
	__poll_t mask = 0;

	poll_wait(file, &link->wait, wait);
	spin_lock_irq(&link->wait.lock);
	if (!list_empty(&link->queue))
		mask = DDLINK_IN;
	if (link->gone) {
		/* the band has select() for writing return, which knows no HUP */
		mask |= EPOLLHUP | EPOLLWRBAND;
	} else {
		if (!link->full)
			mask |= DDLINK_OUT;
		if (link->ops->poll)
			mask = link->ops->poll(link, mask);
	}
	ddlink_trace_locked(poll, link, NULL, (__force u32)mask, 0);
	spin_unlock_irq(&link->wait.lock);
	return mask;
}

/* ---- life ---- */

static void ddlink_destroy(struct kref *ref)
{
	struct ddlink *link = container_of(ref, struct ddlink, ref);
	struct ddlink_item *item;

	while ((item = link->spare)) {
		link->spare = item->spare;
		kvfree(item);
	}
	mem_cgroup_put(link->memcg);
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

static int ddlink_release(struct inode *inode, struct file *file)
{
	struct ddlink *link = file->private_data;
	struct ddlink_item *item;

	ddlink_leave(link);
	spin_lock_irq(&link->wait.lock);
	link->gone = -EPIPE;
	ddlink_trace_locked(release, link, NULL, 0, 0);
	link->file = NULL;
	spin_unlock_irq(&link->wait.lock);
	/* nothing is queued any more, and nobody reads */
	while (!list_empty(&link->queue)) {
		item = ddlink_first(link);
		ddlink_unlink(link, item);
		ddlink_free(link, item);
	}
	if (link->ops->release)
		link->ops->release(link);
	ddlink_put(link);
	return 0;
}

static const struct file_operations ddlink_fops = {
	.release	= ddlink_release,
	.read		= ddlink_read,
	.write		= ddlink_write,
	.read_iter	= ddlink_read_iter,
	.write_iter	= ddlink_write_iter,
	.poll		= ddlink_poll,
	.unlocked_ioctl	= ddlink_ioctl,
	.compat_ioctl	= compat_ptr_ioctl,
#ifdef CONFIG_PROC_FS
	.show_fdinfo	= ddlink_show_fdinfo,
#endif
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
	static struct lock_class_key untraced;
	static atomic64_t id;
	struct ddlink_item *item;
	struct ddlink *link;
	struct file *file;

	link = kzalloc(sizeof(*link) + 2 * (sizeof(*item) + DDLINK_LOST_MAX),
		       GFP_KERNEL_ACCOUNT);
	if (!link)
		return ERR_PTR(-ENOMEM);
	link->private = private;
	link->ops = ops;
	link->max_items = ddlink_max_items;
	link->max_bytes = ddlink_max_bytes;
	if (DDLINK_COUNTS)
		link->id = atomic64_inc_return(&id);
	kref_init(&link->ref);
	mutex_init(&link->command);
	init_waitqueue_head(&link->wait);
	/* a monitor's queue is locked inside of that of the link it watches */
	if (ops->flags & DDLINK_UNTRACED)
		lockdep_set_class(&link->wait.lock, &untraced);
	INIT_LIST_HEAD(&link->group);
	INIT_LIST_HEAD(&link->queue);
	link->posts = &link->queue;
	item = (void *)(link + 1);
	link->lost[0] = item;
	link->lost[1] = (void *)item->data + DDLINK_LOST_MAX;
	/* the component's code makes the link: its module is not going away */
	__module_get(ops->owner);
	link->memcg = get_mem_cgroup_from_current();
	file = anon_inode_create_getfile("[ddlink]", &ddlink_fops, link, O_RDWR,
					 NULL);
	if (IS_ERR(file)) {
		ddlink_put(link);
		return ERR_CAST(file);
	}
	file->f_mode |= FMODE_NOWAIT;
	link->file = file;
	ddlink_trace(create, link, NULL, link->max_items, link->max_bytes);
	return link;
}
EXPORT_SYMBOL_GPL(ddlink_create);

/**
 * ddlink_install - give the program its link
 * @link: what ddlink_create() gave, an error included
 *
 * The last step: once there is a descriptor, the link may be used and closed
 * at any moment, by any thread.
 *
 * Return: the descriptor, close-on-exec; or -errno, and then a link that there
 * was is released.
 */
int ddlink_install(struct ddlink *link)
{
	struct file *file;
	int fd;

	if (IS_ERR(link))
		return PTR_ERR(link);
	file = link->file;
	fd = receive_fd(file, NULL, O_CLOEXEC);
	fput(file);
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
		WRITE_ONCE(link->gone, -ENODEV);
		ddlink_trace_locked(hangup, link, NULL, 0, 0);
		ddlink_wake(link, EPOLLHUP);
		/* those who poll exclusively, too */
		wake_up_all_locked(&link->wait);
	}
	spin_unlock_irq(&link->wait.lock);
	mutex_unlock(&link->command);
}
EXPORT_SYMBOL_GPL(ddlink_hangup);
