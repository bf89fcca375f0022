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
 */
#include <linux/anon_inodes.h>
#include <linux/export.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/memcontrol.h>
#include <linux/module.h>
#include <linux/uio.h>
#include "internal.h"

/* ---- the file ---- */

/* Take a mutex that a reader or a writer may wait for. */
static int ddlink_lock(struct mutex *mutex, struct file *file, int flags)
{
	if (flags & IOCB_NOWAIT || file->f_flags & O_NONBLOCK)
		return mutex_trylock(mutex) ? 0 : -EAGAIN;
	return mutex_lock_interruptible(mutex) ? -ERESTARTSYS : 0;
}

/*
 * Give an item to its reader, in the vector @to or else in @buf. GCC would merge
 * this into its caller once for each error, and ddlink_copy_in() likewise.
 */
static noinline ssize_t ddlink_copy_out(struct ddlink_item *item,
					char __user *buf, size_t len,
					struct iov_iter *to)
{
	size_t size = item->size;

	if (size > len)
		return -EIO;
	if (to ? copy_to_iter(item->data, size, to) != size :
		 copy_to_user(buf, item->data, size))
		return -EFAULT;
	return size;
}

/*
 * Read the first item. Readers take turns by the lock of the file's position,
 * which is here the first item. The VFS itself takes it only for files that can
 * seek.
 */
static ssize_t ddlink_do_read(struct file *file, char __user *buf, size_t len,
			      struct iov_iter *to, int flags)
{
	struct ddlink *link = file->private_data;
	struct ddlink_item *item, *dead = NULL;
	ssize_t ret = 0;

	if (!ddlink_first(link))
		goto out;
	ret = ddlink_lock(&file->f_pos_lock, file, flags);
	if (ret)
		goto out;
	spin_lock_irq(&link->wait.lock);
	item = ddlink_first(link);
	if (item) {
		link->reading = item;
		spin_unlock_irq(&link->wait.lock);
		ret = ddlink_copy_out(item, buf, len, to);
		spin_lock_irq(&link->wait.lock);
		link->reading = NULL;
		if (ret > 0 || !ddlink_queued(item)) {
			/* a text that only its reader had left */
			if (ret <= 0)
				ddlink_trace_locked(drop, link, item,
						    DDLINK_DROP_STALE_TEXT, 0);
			dead = ddlink_retire(link, item);
		}
	}
	ddlink_trace_locked(read, link, item, len, ret);
	spin_unlock_irq(&link->wait.lock);
	mutex_unlock(&file->f_pos_lock);
	kvfree(dead);
	return ret;
out:
	ddlink_trace(read, link, NULL, len, ret);
	return ret;
}

/* For readv() and io_uring. */
static ssize_t ddlink_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	return ddlink_do_read(iocb->ki_filp, NULL, iov_iter_count(to), to,
			      iocb->ki_flags);
}

static ssize_t ddlink_read(struct file *file, char __user *buf, size_t len,
			   loff_t *pos)
{
	return ddlink_do_read(file, buf, len, NULL, 0);
}

/**
 * ddlink_begin - begin a command
 * @link:	the link
 * @flags:	IOCB_NOWAIT not to wait for another one, or 0
 *
 * They come one at a time, and none after a hang-up. The error text of the last
 * one is dropped. For ioctl handlers: a write handler is within a command.
 *
 * Return: 0, and then ddlink_end() follows; or -errno.
 */
int ddlink_begin(struct ddlink *link, int flags)
{
	int err = ddlink_lock(&link->command, link->file, flags);
	/* it may be the hang-up that has the mutex, and has told of itself */
	int gone = READ_ONCE(link->gone);

	if (err && !gone)
		return err;
	spin_lock_irq(&link->wait.lock);
	ddlink_drop_text(link);
	spin_unlock_irq(&link->wait.lock);
	if (gone && !err)
		mutex_unlock(&link->command);
	return gone;
}
EXPORT_SYMBOL_GPL(ddlink_begin);

/**
 * ddlink_end - end a command
 * @link:	the link
 * @ret:	what it returns
 *
 * It may have had an effect: it is not for the kernel to run it again after a
 * signal.
 *
 * Return: @ret, or -EINTR if that would do so.
 */
noinline long ddlink_end(struct ddlink *link, long ret)
{
	mutex_unlock(&link->command);
	if (ret <= -ERESTARTSYS && ret >= -ERESTART_RESTARTBLOCK &&
	    ret != -ENOIOCTLCMD)
		ret = -EINTR;
	return ret;
}
EXPORT_SYMBOL_GPL(ddlink_end);

/* Fill @msg from the vector @from or else from @buf. */
static noinline int ddlink_copy_in(struct ddlink_item *msg,
				   const char __user *buf, size_t len,
				   struct iov_iter *from)
{
	if (IS_ERR(msg))
		return PTR_ERR(msg);
	if (from ? copy_from_iter(msg->data, len, from) != len :
		   copy_from_user(msg->data, buf, len))
		return -EFAULT;
	return 0;
}

/* Run the handler on a message, which it may take. */
static ssize_t ddlink_do_write(struct file *file, const char __user *buf,
			       size_t len, struct iov_iter *from, int flags)
{
	struct ddlink *link = file->private_data;
	struct ddlink_item *msg;
	ssize_t ret = 0;
	int err;

	if (!len)
		goto out;
	ret = -EAGAIN;
	if (flags & IOCB_NOWAIT && !(link->ops->flags & DDLINK_NOSLEEP))
		goto out;
	msg = ddlink_new(link, len, GFP_KERNEL);
	err = ddlink_copy_in(msg, buf, len, from);
	ret = ddlink_begin(link, flags);
	if (!ret) {
		if (!err) {
			ddlink_trace(enter, link, msg, 0, 0);
			link->msg = msg;
			err = link->ops->write(link, msg->data, len);
			msg = link->msg;
		}
		ret = ddlink_end(link, err) ?: len;
	}
	ddlink_free(link, msg);
out:
	ddlink_trace(write, link, NULL, len, ret);
	return ret;
}

static ssize_t ddlink_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	return ddlink_do_write(iocb->ki_filp, NULL, iov_iter_count(from), from,
			       iocb->ki_flags);
}

static ssize_t ddlink_write(struct file *file, const char __user *buf,
			    size_t len, loff_t *pos)
{
	return ddlink_do_write(file, buf, len, NULL, 0);
}

static long ddlink_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct ddlink *link = file->private_data;
	long ret = link->ops->ioctl(link, cmd, arg);

	ddlink_trace(ioctl, link, NULL, cmd,
		     ret == -ENOIOCTLCMD ? -ENOTTY : ret);
	return ret;
}

static __poll_t ddlink_poll(struct file *file, poll_table *wait)
{
	struct ddlink *link = file->private_data;
	__poll_t mask;

	poll_wait(file, &link->wait, wait);
	spin_lock_irq(&link->wait.lock);
	mask = ddlink_first(link) ? DDLINK_IN : 0;
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
		kfree(item);
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
	while ((item = ddlink_first(link)))
		ddlink_free(link, item);
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
	link->late = &link->queue;
	item = (void *)(link + 1);
	link->lost[0] = item;
	link->lost[1] = (void *)item->data + DDLINK_LOST_MAX;
	/* the component's code makes the link: its module is not going away */
	__module_get(ops->owner);
	link->memcg = get_mem_cgroup_from_current();
	file = anon_inode_getfile_fmode("[ddlink]", &ddlink_fops, link, O_RDWR,
					FMODE_NOWAIT);
	if (IS_ERR(file)) {
		ddlink_put(link);
		return ERR_CAST(file);
	}
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
		/* who comes to wait looks at the link after */
		if (waitqueue_active(&link->wait))
			ddlink_trace_locked(wake, link, NULL,
					    (__force u32)EPOLLHUP, 0);
		/* those who poll exclusively, too */
		wake_up_all_locked(&link->wait);
	}
	spin_unlock_irq(&link->wait.lock);
	mutex_unlock(&link->command);
}
EXPORT_SYMBOL_GPL(ddlink_hangup);
