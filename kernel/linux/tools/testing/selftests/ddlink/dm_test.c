// SPDX-License-Identifier: GPL-2.0-only
/*
 * Device mapper's commands over a link.
 *
 *	they do what the ioctls do			version_is_that_of_the_ioctl,
 *							a_device_from_create_to_remove,
 *							list_is_that_of_the_ioctl,
 *							targets_are_those_of_the_ioctl
 *	  and dm's own poll sees it			global_events_as_by_ioctl
 *	a device is NAME, uuid=UUID or dev=NUMBERS	device_by_uuid_and_number
 *	options						readonly, inactive_table, persistent_minor
 *	an item a target, in order			items_keep_the_order_of_the_table
 *	names are escaped, both ways			names_are_escaped
 *	rename, uuid					rename_and_uuid
 *	message, and its answer				message_has_an_answer,
 *							answer_that_is_too_long
 *	data is where the table says			io_goes_through
 *	a table is swapped while I/O waits		swap_under_suspend
 *	a device that is open goes later		deferred_remove
 *	fdinfo, FIONREAD, no other ioctl		no_ioctls_but_fionread
 */
#include "dm.h"

#include <pthread.h>

TEST_F(dm, version_is_that_of_the_ioctl)
{
	struct params params = { };
	char text[64];

	EXPECT_EQ(0, dm_ioctl(DM_VERSION, &params, NULL));
	sprintf(text, "%u.%u.%u", params.head.version[0], params.head.version[1],
		params.head.version[2]);
	EXPECT_SAID(self->link, "version");
	EXPECT_ITEM(self->link, text);
	EXPECT_EMPTY(self->link);
}

/* What both say of a device. */
static void compare(struct __test_metadata *_metadata, int link, const char *name)
{
	struct params params = { };
	struct dm_ioctl *head = &params.head;
	struct dm_target_spec *spec = (void *)params.data;
	char text[512];

	EXPECT_EQ(0, dm_ioctl(DM_DEV_STATUS, &params, name));
	snprintf(text, sizeof(text), "%u:%u %s%s%s open=%d event=%u targets=%u%s%s%s%s%s",
		 major(head->dev), minor(head->dev), name, *head->uuid ? " uuid=" : "",
		 head->uuid, head->open_count, head->event_nr, head->target_count,
		 head->flags & DM_ACTIVE_PRESENT_FLAG ? " active" : "",
		 head->flags & DM_INACTIVE_PRESENT_FLAG ? " inactive" : "",
		 head->flags & DM_SUSPEND_FLAG ? " suspended" : "",
		 head->flags & DM_READONLY_FLAG ? " readonly" : "",
		 head->flags & DM_DEFERRED_REMOVE ? " deferred" : "");
	EXPECT_LT(0, sayf(link, "status %s", name));
	EXPECT_ITEM(link, text);
	if (!head->target_count)
		return;

	memset(&params, 0, sizeof(params));
	head->flags = DM_STATUS_TABLE_FLAG;
	EXPECT_EQ(0, dm_ioctl(DM_TABLE_STATUS, &params, name));
	snprintf(text, sizeof(text), "%llu %llu %s%s%.200s", (unsigned long long)spec->sector_start,
		 (unsigned long long)spec->length, spec->target_type,
		 *(char *)(spec + 1) ? " " : "", (char *)(spec + 1));
	EXPECT_LT(0, sayf(link, "table %s", name));
	EXPECT_ITEM(link, text);
	EXPECT_EMPTY(link);
}

TEST_F(dm, a_device_from_create_to_remove)
{
	struct params params = { };
	char text[64];

	EXPECT_SAID(self->link, "create dd-a uuid=DD-1");
	EXPECT_LT(0, hear(self->link, text, sizeof(text)));
	EXPECT_EMPTY(self->link);
	EXPECT_EQ(0, dm_ioctl(DM_DEV_STATUS, &params, "dd-a"));
	EXPECT_STREQ("DD-1", params.head.uuid);
	EXPECT_EQ(atoi(strchr(text, ':') + 1), (int)minor(params.head.dev));
	EXPECT_EQ(atoi(text), (int)major(params.head.dev));
	compare(_metadata, self->link, "dd-a");
	EXPECT_SAID(self->link, "table dd-a");
	EXPECT_EMPTY(self->link);
	EXPECT_SAID(self->link, "deps dd-a");
	EXPECT_EMPTY(self->link);

	/* a line may be blank, and the last one may end */
	EXPECT_SAID(self->link, "load dd-a\n\n0 2048 linear /dev/ram0 8\n");
	compare(_metadata, self->link, "dd-a");
	EXPECT_SAID(self->link, "resume dd-a\n");
	compare(_metadata, self->link, "dd-a");
	EXPECT_SAID(self->link, "table dd-a");
	EXPECT_ITEM(self->link, "0 2048 linear 1:0 8");
	EXPECT_SAID(self->link, "info dd-a noflush");
	EXPECT_ITEM(self->link, "0 2048 linear");
	EXPECT_SAID(self->link, "deps dd-a");
	EXPECT_ITEM(self->link, "1:0");

	EXPECT_SAID(self->link, "load dd-a\n0 4096 linear /dev/ram1 0");
	compare(_metadata, self->link, "dd-a");
	EXPECT_SAID(self->link, "clear dd-a");
	compare(_metadata, self->link, "dd-a");
	EXPECT_SAID(self->link, "suspend dd-a nolockfs noflush");
	compare(_metadata, self->link, "dd-a");
	EXPECT_SAID(self->link, "suspend dd-a");
	EXPECT_SAID(self->link, "resume dd-a");
	compare(_metadata, self->link, "dd-a");

	EXPECT_SAID(self->link, "remove dd-a");
	EXPECT_EMPTY(self->link);
	EXPECT_EQ(-ENXIO, dm_simple(DM_DEV_STATUS, "dd-a", 0));
}

TEST_F(dm, list_is_that_of_the_ioctl)
{
	struct params params = { .head.flags = DM_UUID_FLAG };
	struct dm_name_list *one = (void *)params.data;
	char text[300], heard[300];
	unsigned int *event_nr;
	bool has_uuid;
	size_t end;
	int items = 0;

	EXPECT_EQ(0, dm_simple(DM_DEV_CREATE, "dd-b", 0));
	EXPECT_SAID(self->link, "create dd-a uuid=DD-1");
	EXPECT_LT(0, hear(self->link, heard, sizeof(heard)));
	EXPECT_EQ(0, dm_ioctl(DM_LIST_DEVICES, &params, NULL));
	EXPECT_SAID(self->link, "list");
	for (; ; one = (void *)one + one->next) {
		end = (offsetof(struct dm_name_list, name) + strlen(one->name) + 1 + 7) & ~7UL;
		event_nr = (void *)one + end;
		has_uuid = event_nr[1] & DM_NAME_LIST_FLAG_HAS_UUID;
		snprintf(text, sizeof(text), "%u:%u %.127s%s%.128s", major(one->dev),
			 minor(one->dev), one->name, has_uuid ? " uuid=" : "",
			 has_uuid ? (char *)(event_nr + 2) : "");
		EXPECT_ITEM(self->link, text);
		items++;
		if (!one->next)
			break;
	}
	EXPECT_LE(2, items);
	EXPECT_EMPTY(self->link);
	EXPECT_SAID(self->link, "remove dd-a");
	EXPECT_SAID(self->link, "remove dd-b");
	EXPECT_SAID(self->link, "list");
	while (hear(self->link, heard, sizeof(heard)) > 0)
		EXPECT_EQ(NULL, strstr(heard, " dd-"));
}

TEST_F(dm, targets_are_those_of_the_ioctl)
{
	struct params params = { };
	struct dm_target_versions *one = (void *)params.data;
	char text[64];
	bool linear = false;

	EXPECT_EQ(0, dm_ioctl(DM_LIST_VERSIONS, &params, NULL));
	EXPECT_SAID(self->link, "targets");
	for (; ; one = (void *)one + one->next) {
		snprintf(text, sizeof(text), "%s %u.%u.%u", one->name, one->version[0],
			 one->version[1], one->version[2]);
		EXPECT_ITEM(self->link, text);
		linear |= !strcmp(one->name, "linear");
		if (!one->next)
			break;
	}
	EXPECT_TRUE(linear);
	EXPECT_EMPTY(self->link);
}

TEST_F(dm, global_events_as_by_ioctl)
{
	static struct params params;
	struct pollfd control = { .fd = open(DM, O_RDWR), .events = POLLIN };
	static const char *const commands[] = {
		"create dd-a", "load dd-a\n0 8 error", "resume dd-a", "rename dd-a dd-b",
		"remove dd-b",
	};
	char text[64];
	size_t i;

	params.head.version[0] = DM_VERSION_MAJOR;
	params.head.data_size = sizeof(params);
	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		EXPECT_EQ(0, ioctl(control.fd, DM_DEV_ARM_POLL, &params));
		EXPECT_EQ(0, poll(&control, 1, 0));
		EXPECT_SAID(self->link, commands[i]);
		/* what is loaded changes no device yet */
		EXPECT_EQ(i != 1, poll(&control, 1, 0))
			TH_LOG("'%s'", commands[i]);
	}
	hear(self->link, text, sizeof(text));
	close(control.fd);
}

TEST_F(dm, device_by_uuid_and_number)
{
	char text[64], command[128];

	EXPECT_SAID(self->link, "create dd-a uuid=DD\\x2d1");
	EXPECT_LT(0, hear(self->link, text, sizeof(text)));
	EXPECT_SAID(self->link, "load uuid=DD-1\n0 8 error");
	sprintf(command, "resume dev=%s", text);
	EXPECT_SAID(self->link, command);
	compare(_metadata, self->link, "dd-a");
	sprintf(command, "table dev=%s", text);
	EXPECT_SAID(self->link, command);
	EXPECT_TRUE(hears(self->link, "0 8 error"));
	/* another could have the name before it is used */
	EXPECT_REFUSED(self->link, EINVAL, "rename uuid=DD-1 dd-c", "takes the device's NAME");
	EXPECT_REFUSED(self->link, EINVAL, "uuid uuid=DD-1 x", "takes the device's NAME");
	EXPECT_SAID(self->link, "rename dd-a dd-c");
	compare(_metadata, self->link, "dd-c");
	/* a name that looks like another one */
	EXPECT_SAID(self->link, "rename dd-c dd-uuid=x");
	EXPECT_SAID(self->link, "suspend dd-uuid=x");
	EXPECT_REFUSED(self->link, ENXIO, "status uuid=x", "no such device");
	EXPECT_REFUSED(self->link, ENXIO, "status dev=1:0", "no such device");
	EXPECT_REFUSED(self->link, EINVAL, "status dev=1", "MAJOR:MINOR");
	EXPECT_REFUSED(self->link, EINVAL, "status dev=1:2:3", "MAJOR:MINOR");
	EXPECT_REFUSED(self->link, EINVAL, "status dev=4096:0", "MAJOR:MINOR");
	EXPECT_REFUSED(self->link, EINVAL, "status dev=1:1048576", "MAJOR:MINOR");
	EXPECT_REFUSED(self->link, EINVAL, "status dev=4294967297:0", "MAJOR:MINOR");
	EXPECT_SAID(self->link, "remove uuid=DD-1");
}

TEST_F(dm, readonly)
{
	int minor = make_device(self->link, "dd-a", "0 2048 linear /dev/ram0 0"), fd, ro = 0;

	ASSERT_LE(0, minor);
	EXPECT_SAID(self->link, "load dd-a readonly\n0 2048 linear /dev/ram0 0");
	EXPECT_SAID(self->link, "status dd-a inactive");
	EXPECT_TRUE(hears(self->link, " readonly"));
	EXPECT_SAID(self->link, "resume dd-a nolockfs");
	compare(_metadata, self->link, "dd-a");
	fd = open_device(minor, O_RDONLY);
	EXPECT_EQ(0, ioctl(fd, BLKROGET, &ro));
	EXPECT_EQ(1, ro);
	close(fd);
}

TEST_F(dm, inactive_table)
{
	ASSERT_LE(0, make_device(self->link, "dd-a", "0 8 linear /dev/ram0 0"));
	EXPECT_SAID(self->link, "load dd-a\n0 8 linear /dev/ram1 8\n8 8 error\n");
	EXPECT_SAID(self->link, "table dd-a");
	EXPECT_ITEM(self->link, "0 8 linear 1:0 0");
	EXPECT_SAID(self->link, "table dd-a inactive");
	EXPECT_ITEM(self->link, "0 8 linear 1:1 8");
	EXPECT_ITEM(self->link, "8 8 error");
	EXPECT_SAID(self->link, "info dd-a inactive noflush");
	EXPECT_ITEM(self->link, "0 8 linear");
	EXPECT_ITEM(self->link, "8 8 error");
	EXPECT_SAID(self->link, "deps dd-a inactive");
	EXPECT_ITEM(self->link, "1:1");
	EXPECT_SAID(self->link, "status dd-a inactive");
	EXPECT_TRUE(hears(self->link, "targets=2"));
	EXPECT_SAID(self->link, "clear dd-a");
	EXPECT_SAID(self->link, "table dd-a inactive");
	EXPECT_EMPTY(self->link);
}

TEST_F(dm, persistent_minor)
{
	struct params params = { };

	EXPECT_SAID(self->link, "create dd-a minor=1077");
	EXPECT_TRUE(hears(self->link, ":1077"));
	EXPECT_EQ(0, dm_ioctl(DM_DEV_STATUS, &params, "dd-a"));
	EXPECT_EQ(1077, minor(params.head.dev));
	EXPECT_REFUSED(self->link, ENXIO, "create dd-b minor=1077", "minor may be taken");
	EXPECT_REFUSED(self->link, EINVAL, "create dd-b minor=1048576", "is no minor");
	EXPECT_REFUSED(self->link, EINVAL, "create dd-b minor=", "is no minor");
	EXPECT_REFUSED(self->link, EINVAL, "create dd-b minor=-1", "is no minor");
	EXPECT_EQ(-ENXIO, dm_simple(DM_DEV_STATUS, "dd-b", 0));
}

#define LINES	500

TEST_F(dm, items_keep_the_order_of_the_table)
{
	static char text[LINES * 32];
	char *end = text;
	int i;

	EXPECT_SAID(self->link, "create dd-a");
	EXPECT_LT(0, hear(self->link, text, sizeof(text)));
	end += sprintf(end, "load dd-a");
	for (i = 0; i < LINES; i++)
		end += sprintf(end, "\n%d 8 linear /dev/ram0 %d", 8 * i, 8 * (LINES - i));
	EXPECT_SAID(self->link, text);
	EXPECT_SAID(self->link, "resume dd-a");
	EXPECT_SAID(self->link, "table dd-a");
	for (i = 0; i < LINES; i++) {
		sprintf(text, "%d 8 linear 1:0 %d", 8 * i, 8 * (LINES - i));
		EXPECT_ITEM(self->link, text);
	}
	EXPECT_EMPTY(self->link);
}

TEST_F(dm, names_are_escaped)
{
	static const char raw[] = "dd-a b\\c\n\xc3\xa4";
	static const char escaped[] = "dd-a\\x20b\\x5cc\\x0a\\xc3\\xa4";
	struct params params = { };
	char text[128];

	sprintf(text, "create %s uuid=x\\x20y", escaped);
	EXPECT_SAID(self->link, text);
	EXPECT_LT(0, hear(self->link, text, sizeof(text)));
	EXPECT_EQ(0, dm_ioctl(DM_DEV_STATUS, &params, raw));
	EXPECT_STREQ("x y", params.head.uuid);
	EXPECT_EQ(18, sayf(self->link, "status uuid=x\\x20y"));
	sprintf(text, " %s uuid=x\\x20y open=0", escaped);
	EXPECT_TRUE(hears(self->link, text));
	EXPECT_SAID(self->link, "list");
	sprintf(text, " %s uuid=x\\x20y", escaped);
	EXPECT_TRUE(hears(self->link, text));
	sprintf(text, "remove %s", escaped);
	EXPECT_SAID(self->link, text);
	EXPECT_EQ(-ENXIO, dm_simple(DM_DEV_STATUS, raw, 0));
	/* what is escaped for no reason, or no escape at all */
	EXPECT_SAID(self->link, "create \\x64d-\\q\\x");
	EXPECT_LT(0, hear(self->link, text, sizeof(text)));
	EXPECT_EQ(0, dm_simple(DM_DEV_REMOVE, "dd-\\q\\x", 0));
}

TEST_F(dm, rename_and_uuid)
{
	char text[64];

	EXPECT_SAID(self->link, "create dd-a");
	EXPECT_LT(0, hear(self->link, text, sizeof(text)));
	EXPECT_SAID(self->link, "rename dd-a dd-b");
	EXPECT_EQ(-ENXIO, dm_simple(DM_DEV_STATUS, "dd-a", 0));
	EXPECT_SAID(self->link, "uuid dd-b DD-2");
	compare(_metadata, self->link, "dd-b");
	EXPECT_REFUSED(self->link, EINVAL, "uuid dd-b DD-3", "uuid is already set to DD-2");
	EXPECT_SAID(self->link, "create dd-c uuid=DD-4");
	EXPECT_LT(0, hear(self->link, text, sizeof(text)));
	EXPECT_REFUSED(self->link, EBUSY, "rename dd-c dd-b", "already exists: dd-b");
	EXPECT_REFUSED(self->link, EINVAL, "rename dd-c a/b", "cannot contain '/'");
	EXPECT_REFUSED(self->link, EINVAL, "rename dd-c", "1 to 127 characters");
	EXPECT_REFUSED(self->link, EINVAL, "uuid dd-c", "1 to 128 characters");
	EXPECT_REFUSED(self->link, EINVAL, "rename dd-c dd-d dd-e", "takes no 'dd-e'");
	EXPECT_REFUSED(self->link, ENXIO, "rename dd-a dd-d", "non-existent device");
	EXPECT_REFUSED(self->link, ENXIO, "uuid dd-a x", "non-existent device");
	compare(_metadata, self->link, "dd-c");
}

TEST_F(dm, message_has_an_answer)
{
	char text[4096];

	ASSERT_LE(0, make_device(self->link, "dd-a", "0 2048 linear /dev/ram0 0"));
	EXPECT_SAID(self->link, "message dd-a 0 @stats_list");
	EXPECT_EMPTY(self->link);
	EXPECT_SAID(self->link, "message dd-a 0 @stats_create - /8");
	EXPECT_ITEM(self->link, "0");
	EXPECT_SAID(self->link, "message dd-a 0 @stats_print 0");
	EXPECT_LT(0, hear(self->link, text, sizeof(text)));
	EXPECT_EQ(0, strncmp(text, "0+256 ", 6));
	EXPECT_NE(NULL, strstr(text, "\n1792+256 "));
	EXPECT_SAID(self->link, "message dd-a 0 @stats_delete 0");
	EXPECT_EMPTY(self->link);
	EXPECT_REFUSED(self->link, EINVAL, "message dd-a 0 hello",
		       "does not support messages");
	EXPECT_REFUSED(self->link, EINVAL, "message dd-a 4096 hello", "outside device");
	EXPECT_REFUSED(self->link, EINVAL, "message dd-a 0 @hello", "@hello");
	EXPECT_REFUSED(self->link, EINVAL, "message dd-a 0", "Empty message");
	EXPECT_REFUSED(self->link, EINVAL, "message dd-a hello", "NAME SECTOR TEXT");
	memset(text, 'x', sizeof(text));
	EXPECT_EQ(-E2BIG, sayf(self->link, "message dd-a 0 %32000d", 1));
	EXPECT_TRUE(hears(self->link, "at most"));
}

TEST_F(dm, answer_that_is_too_long)
{
	ASSERT_LE(0, make_device(self->link, "dd-a", "0 2048 linear /dev/ram0 0"));
	EXPECT_SAID(self->link, "message dd-a 0 @stats_create - 1");
	EXPECT_ITEM(self->link, "0");
	EXPECT_REFUSED(self->link, EMSGSIZE, "message dd-a 0 @stats_print 0", "it is done, but");
	EXPECT_EMPTY(self->link);
	EXPECT_EQ(0, info_of(self->link, "charged-bytes"));
	EXPECT_SAID(self->link, "message dd-a 0 @stats_print 0 0 1");
	EXPECT_TRUE(hears(self->link, "0+1 "));
}

static char block[4096], back[4096];

TEST_F(dm, io_goes_through)
{
	int ram0 = open("/dev/ram0", O_RDWR), ram1 = open("/dev/ram1", O_RDWR), i;
	int minor = make_device(self->link, "dd-a", "0 8 linear /dev/ram1 16\n"
				"8 8 linear /dev/ram0 80"), fd;

	ASSERT_LE(0, minor);
	fd = open_device(minor, O_RDWR);
	ASSERT_LE(0, fd);
	for (i = 0; i < (int)sizeof(block); i++)
		block[i] = i * 7 + getpid();
	EXPECT_EQ(4096, pwrite(fd, block, 4096, 8 * SECTOR));
	EXPECT_EQ(5, pwrite(fd, "other", 5, 0));
	EXPECT_EQ(0, fsync(fd));
	EXPECT_EQ(4096, pread(ram0, back, 4096, 80 * SECTOR));
	EXPECT_EQ(0, memcmp(block, back, 4096));
	EXPECT_EQ(5, pread(ram1, back, 5, 16 * SECTOR));
	EXPECT_EQ(0, memcmp("other", back, 5));
	EXPECT_EQ(0, pread(fd, back, 1, 16 * SECTOR));
	close(fd);
	close(ram0);
	close(ram1);
}

static void *writer(void *arg)
{
	int fd = *(int *)arg;

	return pwrite(fd, "swap", 4, 0) == 4 && !fsync(fd) ? NULL : arg;
}

TEST_F(dm, swap_under_suspend)
{
	int minor = make_device(self->link, "dd-a", "0 2048 linear /dev/ram0 256"), fd, ram;
	pthread_t thread;
	void *failed;

	ASSERT_LE(0, minor);
	fd = open_device(minor, O_RDWR);
	ASSERT_LE(0, fd);
	EXPECT_EQ(4, pwrite(fd, "old.", 4, 0));
	EXPECT_SAID(self->link, "load dd-a\n0 2048 linear /dev/ram1 256\n");
	EXPECT_SAID(self->link, "suspend dd-a");
	ASSERT_EQ(0, pthread_create(&thread, NULL, writer, &fd));
	usleep(50000);
	EXPECT_SAID(self->link, "status dd-a");
	EXPECT_TRUE(hears(self->link, "open=1 event=0 targets=1 active inactive suspended"));
	EXPECT_SAID(self->link, "resume dd-a");
	EXPECT_EQ(0, pthread_join(thread, &failed));
	EXPECT_EQ(NULL, failed);
	close(fd);

	ram = open("/dev/ram1", O_RDONLY);
	EXPECT_EQ(4, pread(ram, back, 4, 256 * SECTOR));
	EXPECT_EQ(0, memcmp("swap", back, 4));
	close(ram);
	ram = open("/dev/ram0", O_RDONLY);
	EXPECT_EQ(4, pread(ram, back, 4, 256 * SECTOR));
	EXPECT_EQ(0, memcmp("old.", back, 4));
	close(ram);
	EXPECT_SAID(self->link, "table dd-a");
	EXPECT_ITEM(self->link, "0 2048 linear 1:1 256");
}

TEST_F(dm, deferred_remove)
{
	int minor = make_device(self->link, "dd-a", "0 2048 linear /dev/ram0 0"), fd, i;

	ASSERT_LE(0, minor);
	fd = open_device(minor, O_RDONLY);
	ASSERT_LE(0, fd);
	EXPECT_REFUSED(self->link, EBUSY, "remove dd-a", "in use, open count 1");
	EXPECT_SAID(self->link, "remove dd-a deferred");
	EXPECT_SAID(self->link, "status dd-a");
	EXPECT_TRUE(hears(self->link, " deferred"));
	EXPECT_SAID(self->link, "message dd-a 0 @cancel_deferred_remove");
	compare(_metadata, self->link, "dd-a");
	EXPECT_SAID(self->link, "remove dd-a deferred");
	compare(_metadata, self->link, "dd-a");
	close(fd);
	/* by a worker */
	for (i = 0; i < 2000 && !dm_simple(DM_DEV_STATUS, "dd-a", 0); i++)
		usleep(10000);
	EXPECT_REFUSED(self->link, ENXIO, "status dd-a", "no such device");
	/* at once, where it can be */
	ASSERT_LE(0, make_device(self->link, "dd-a", "0 8 error"));
	EXPECT_SAID(self->link, "remove dd-a deferred");
	EXPECT_EQ(-ENXIO, dm_simple(DM_DEV_STATUS, "dd-a", 0));
}

TEST_F(dm, no_ioctls_but_fionread)
{
	static struct params params = { .head.version[0] = DM_VERSION_MAJOR };
	char kind[INFO_MAX];

	EXPECT_EQ(0, info_text(self->link, "kind", kind));
	EXPECT_STREQ("device-mapper", kind);
	EXPECT_EQ(POLLOUT, poll_now(self->link));
	EXPECT_SAID(self->link, "version");
	EXPECT_EQ(POLLIN | POLLOUT, poll_now(self->link));
	EXPECT_EQ(6, readable(self->link));
	EXPECT_EQ(-1, ioctl(self->link, DM_VERSION, &params));
	EXPECT_EQ(ENOTTY, errno);
	EXPECT_EQ(-1, ioctl(self->link, DDLINK_OPEN));
	EXPECT_EQ(ENOTTY, errno);
}

TEST_HARNESS_MAIN
