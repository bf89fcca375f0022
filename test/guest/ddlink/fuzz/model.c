// SPDX-License-Identifier: MIT
#include "model.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include <linux/ddlink.h>

int live_tests;

/* ---- the queue ---- */

struct item *model_item(const void *data, uint32_t size)
{
	struct item *item = calloc(1, sizeof(*item) + size + 1);

	item->size = size;
	if (data)
		memcpy(item->data, data, size);
	return item;
}

struct item *model_first(const struct model *m)
{
	return m->text ?: m->posts ?: m->late;
}

static struct item **list_of(struct model *m, const struct item *item)
{
	if (m->text == item)
		return &m->text;
	return m->posts == item ? &m->posts : &m->late;
}

static void append(struct model *m, struct item **list, struct item *item)
{
	while (*list)
		list = &(*list)->next;
	*list = item;
	m->bytes += item->size;
	if (++m->items > m->peak)
		m->peak = m->items;
}

/* Full is what the last item that asked for room left none for, or found none, until one gives its own back. */
static int charge(struct model *m, struct item *item, uint32_t bytes)
{
	if (m->count >= m->max_items || m->charge + bytes > m->max_bytes) {
		m->full = m->count;
		return -ENOBUFS;
	}
	item->charge = bytes;
	m->charge += bytes;
	m->count++;
	m->full |= m->count == m->max_items || m->charge == m->max_bytes;
	return 0;
}

static void uncharge(struct model *m, const struct item *item)
{
	if (!item->charge)
		return;
	m->charge -= item->charge;
	m->count--;
	m->full = false;
}

static void remove_first(struct model *m, struct item **list)
{
	struct item *item = *list;

	*list = item->next;
	m->items--;
	m->bytes -= item->size;
	uncharge(m, item);
	if (item->overflow)
		m->lost = 0;
	free(item);
}

static void lose(struct model *m)
{
	struct ddlink_overflow overflow = { DDLINK_OVERFLOW_MAGIC, ++m->lost };
	struct item *item;

	m->dropped++;
	for (item = m->late; item && !item->overflow; item = item->next)
		;
	if (!item) {
		item = model_item(&overflow, sizeof(overflow));
		item->overflow = true;
		append(m, &m->late, item);
	}
	memcpy(item->data, &overflow, sizeof(overflow));
}

static int post(struct model *m, const void *data, uint32_t size)
{
	struct item *item;
	int err;

	item = model_item(data, size);
	err = charge(m, item, charge_of(size));
	if (err)
		free(item);
	else
		append(m, &m->posts, item);
	return err;
}

/* Numbers "0", "1"... in items of twelve bytes, made smaller. */
static struct item *numbered(int number)
{
	char text[12];

	return model_item(text, sprintf(text, "%d", number));
}

static int posts(struct model *m, int count)
{
	for (int i = 0; i < count; i++) {
		struct item *item = numbered(i);
		int err = charge(m, item, charge_of(12));

		if (err) {
			free(item);
			return err;
		}
		append(m, &m->posts, item);
	}
	return 0;
}

void model_late(struct model *m, int count)
{
	for (int i = 0; i < count && !m->gone; i++) {
		struct item *item = numbered(i);

		if (charge(m, item, charge_of(12))) {
			free(item);
			lose(m);
		} else {
			append(m, &m->late, item);
		}
	}
}

static int post_number(struct model *m, int number)
{
	char text[12];

	return post(m, text, sprintf(text, "%d", number));
}

static int error(struct model *m, int err, const char *words)
{
	char text[1024], *to = text;

	for (; *words; words++)
		to += sprintf(to, iscntrl((unsigned char)*words) ? "\\x%02x" : "%c",
			      (unsigned char)*words);
	if (m->text)
		remove_first(m, &m->text);
	if (to != text)
		append(m, &m->text, model_item(text, to - text));
	return err;
}

/* ---- life ---- */

void model_open(struct model *m, enum kind kind, uint32_t max_items, uint32_t max_bytes)
{
	*m = (struct model){ .kind = kind, .refs = 1, .max_items = max_items, .max_bytes = max_bytes };
	live_tests += kind == TEST;
}

static void unreserve(struct model *m, bool spend)
{
	for (int i = 0; i < RESERVED; i++) {
		struct item *item = m->reserved[i];

		m->reserved[i] = NULL;
		if (!item)
			continue;
		if (spend) {
			append(m, &m->posts, item);
		} else {
			uncharge(m, item);
			free(item);
		}
	}
}

void model_close(struct model *m)
{
	struct item *item;

	if (--m->refs)
		return;
	unreserve(m, false);
	while ((item = model_first(m)))
		remove_first(m, list_of(m, item));
	live_tests -= m->kind == TEST;
}

void model_hangup(struct model *m)
{
	m->gone = true;
}

/* ---- what programs call ---- */

long model_read(struct model *m, unsigned char *to, uint32_t len, bool fault)
{
	struct item *item = model_first(m);
	long ret;

	if (!item)
		return 0;
	if (item->size > len)
		return -EIO;
	if (fault)
		return -EFAULT;
	ret = item->size;
	memcpy(to, item->data, ret);
	remove_first(m, list_of(m, item));
	return ret;
}

short model_poll(const struct model *m)
{
	short mask = m->items ? POLLIN : 0;

	if (m->gone)
		return mask | POLLHUP;
	return mask | (m->full || m->deaf ? 0 : POLLOUT);
}

static int reserve(struct model *m, int size)
{
	for (int i = 0; i < RESERVED; i++) {
		struct item *item;
		int err;

		if (m->reserved[i])
			continue;
		item = model_item(NULL, size);
		item->data[0] = '0' + i;
		err = charge(m, item, charge_of(size));
		if (err) {
			free(item);
			return err;
		}
		m->reserved[i] = item;
	}
	return 0;
}

/* The commands of samples/ddlink/ddlink_test.c. */
static int command(struct model *m, const char *msg)
{
	char word[40] = "";
	int a = 0, b = 0, words = 0;
	const char *rest;

	m->calls++;
	sscanf(msg, "%39s%n %d %d", word, &words, &a, &b);
	rest = msg[words] ? msg + words + 1 : NULL;
	if (!strcmp(word, "post"))
		return post(m, rest, rest ? strlen(rest) : 0);
	if (!strcmp(word, "posts"))
		return posts(m, a);
	if (!strcmp(word, "queues"))
		return model_late(m, a), 0;
	if (!strcmp(word, "lose")) {
		while (a--)
			lose(m);
		return 0;
	}
	if (!strcmp(word, "error")) {
		rest = strchr(rest, ' ');
		return error(m, -a, rest ? rest + 1 : "");
	}
	if (!strcmp(word, "fail"))
		return -a;
	if (!strcmp(word, "fail-after-post")) {
		post_number(m, 1);
		return error(m, -EIO, "posted first");
	}
	if (!strcmp(word, "reserve"))
		return reserve(m, a);
	if (!strcmp(word, "spend") || !strcmp(word, "unreserve"))
		return unreserve(m, *word == 's'), 0;
	if (!strcmp(word, "limit")) {
		m->max_items = a;
		m->max_bytes = b;
		return 0;
	}
	if (!strcmp(word, "deaf"))
		return m->deaf = a, 0;
	if (!strcmp(word, "calls"))
		return post_number(m, m->calls);
	if (!strcmp(word, "live"))
		return post_number(m, live_tests);
	if (!strcmp(word, "uid"))
		return post_number(m, 0);
	if (!strcmp(word, "hangup") || !strcmp(word, "hangup-all") || !strcmp(word, "later"))
		return 0;	/* what comes of it, comes later: world.c */
	return error(m, -EINVAL, "unknown command 'nonsense'");
}

static int control(struct model *m, const char *msg)
{
	bool known = !strncmp(msg, "monitor", 7);

	if (known && !m->watching) {
		m->watching = true;
		return 0;
	}
	error(m, 0, "?");
	m->text->any = true;
	return -EINVAL;
}

long model_write(struct model *m, const char *msg, uint32_t len, bool fault, bool nowait)
{
	int err;

	if (!len)
		return 0;
	if (nowait && m->kind != ECHO)
		return -EAGAIN;
	/* a new command, be it refused: whatever text is read next is not of the last one */
	if (m->text)
		remove_first(m, &m->text);
	if (m->gone)
		return -ENODEV;
	if (len > DDLINK_ITEM_MAX)
		return -EMSGSIZE;
	if (fault)
		return -EFAULT;
	if (m->kind == ECHO)
		err = post(m, msg, len);
	else
		err = m->kind == TEST ? command(m, msg) : control(m, msg);
	return err ?: (long)len;
}

long model_ioctl(struct model *m, unsigned int cmd, unsigned long arg)
{
	if (m->gone)
		return -ENODEV;
	if (m->kind != TEST)
		return -ENOTTY;
	if (m->text)
		remove_first(m, &m->text);
	switch (cmd) {
	case _IO(0xdc, 1):
		return post_number(m, arg) ?: 7;
	case _IO(0xdc, 3):
		return error(m, -EPERM, "not by ioctl");
	default:
		return -ENOTTY;
	}
}
