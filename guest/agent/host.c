// SPDX-License-Identifier: MIT
#include "host.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/random.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "stream.h"

static int64_t microseconds(int64_t seconds, long nanoseconds)
{
	return seconds * 1000000 + nanoseconds / 1000;
}

void host_set_clock(uint16_t id, const bridge_Time *time)
{
	struct timespec now, then = { .tv_sec = time->seconds, .tv_nsec = time->nanoseconds };
	bridge_Reply reply = { .which_what = bridge_Reply_clock_tag };

	clock_gettime(CLOCK_REALTIME, &now);
	if (clock_settime(CLOCK_REALTIME, &then)) {
		stream_refuse(id, errno, "set the clock to %lld s: %s", (long long)time->seconds, strerror(errno));
		return;
	}
	reply.what.clock.moved_us = microseconds(then.tv_sec, then.tv_nsec) - microseconds(now.tv_sec, now.tv_nsec);
	stream_answer(id, &reply);
}

/* Credits the seed and makes the kernel use it at once: guests restored from one state share all they knew. */
static int reseed(const bridge_Entropy *entropy)
{
	struct {
		struct rand_pool_info info;
		uint8_t seed[sizeof(entropy->seed.bytes)];
	} pool = { .info = { .entropy_count = entropy->seed.size * 8, .buf_size = entropy->seed.size } };
	int fd = open("/dev/urandom", O_WRONLY | O_CLOEXEC), error = 0;

	if (fd < 0)
		return errno;
	memcpy(pool.info.buf, entropy->seed.bytes, entropy->seed.size);
	if (ioctl(fd, RNDADDENTROPY, &pool) || ioctl(fd, RNDRESEEDCRNG))
		error = errno;
	close(fd);
	return error;
}

void host_reseed(uint16_t id, const bridge_Entropy *entropy)
{
	static const bridge_Reply done = { .which_what = bridge_Reply_transferred_tag };
	int error = reseed(entropy);

	if (error)
		stream_refuse(id, error, "reseed with %u bytes: %s", entropy->seed.size, strerror(error));
	else
		stream_answer(id, &done);
}
