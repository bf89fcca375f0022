// SPDX-License-Identifier: MIT
/* stat and list. A listing is a byte stream of entries, so it obeys credit whatever its size. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pb_encode.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "info.h"
#include "stream.h"
#include "watch.h"

#define ENTRY_MAX (bridge_FileInfo_size + 3)	/* and its length */
#define BATCH (3 * ENTRY_MAX)

struct listing {
	struct stream *stream;
	struct watch watch;
	DIR *dir;
	bool ended;
	struct outbox box;
	uint8_t batch[BATCH];
};

void files_stat(uint16_t id, const char *path)
{
	static bridge_Reply reply;

	reply = (bridge_Reply)bridge_Reply_init_zero;
	reply.which_what = bridge_Reply_file_tag;
	if (info_read(&reply.what.file, AT_FDCWD, path))
		stream_answer(id, &reply);
	else
		stream_refuse(id, errno, "stat %.160s: %s", path, strerror(errno));
}

static void close_listing(struct stream *stream)
{
	struct listing *listing = stream->owner;

	watch_remove(&listing->watch);
	closedir(listing->dir);
	free(listing);
}

static void add_entry(struct listing *listing, const char *name)
{
	static bridge_FileInfo info;
	pb_ostream_t out = pb_ostream_from_buffer(listing->batch + listing->box.len, BATCH - listing->box.len);

	if (!strcmp(name, ".") || !strcmp(name, ".."))
		return;
	info = (bridge_FileInfo)bridge_FileInfo_init_zero;
	snprintf(info.name, sizeof(info.name), "%s", name);
	info_read(&info, dirfd(listing->dir), name);	/* mode stays 0 if it cannot be examined */
	if (pb_encode_delimited(&out, bridge_FileInfo_fields, &info))
		listing->box.len += out.bytes_written;
}

static bool fill(struct listing *listing)
{
	struct dirent *entry;

	listing->box.len = listing->box.sent = 0;
	while (listing->box.len + ENTRY_MAX <= BATCH) {
		errno = 0;
		entry = readdir(listing->dir);
		if (!entry) {
			listing->ended = true;
			return !errno;
		}
		add_entry(listing, entry->d_name);
	}
	return true;
}

static short wants_listing(struct watch *watch)
{
	struct listing *listing = watch->owner;

	return stream_room(listing->stream) ? 1 : 0;
}

static void finish(struct listing *listing)
{
	static const bridge_Reply done = {
		.which_what = bridge_Reply_transferred_tag,
	};

	stream_data(listing->stream, 0, true);
	stream_finish(listing->stream, &done);
}

static void send_listing(struct watch *watch, short events)
{
	struct listing *listing = watch->owner;

	(void)events;
	if (!outbox_send(&listing->box, listing->stream))
		return;
	if (listing->ended)
		finish(listing);
	else if (!fill(listing))
		stream_fail(listing->stream, errno, "list: %s", strerror(errno));
}

static const struct stream_ops list_ops = {
	.name = "list",
	.close = close_listing,
};

void files_list(uint16_t id, const char *path)
{
	DIR *dir = opendir(path);
	struct listing *listing = dir ? calloc(1, sizeof(*listing)) : NULL;

	if (!listing) {
		stream_refuse(id, errno, "list %.160s: %s", path, strerror(errno));
		if (dir)
			closedir(dir);
		return;
	}
	listing->dir = dir;
	listing->box.data = listing->batch;
	listing->watch = (struct watch){ -1, wants_listing, send_listing, listing, false };
	listing->stream = stream_open(id, &list_ops, listing);
	if (!listing->stream) {
		closedir(dir);
		free(listing);
		return;
	}
	watch_add(&listing->watch);
}
