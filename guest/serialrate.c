// SPDX-License-Identifier: MIT
/*
 * serialrate: a known stream of bytes, to measure a serial line or a pipe with.
 *
 *	serialrate out TARGET [BYTES]	writes BYTES (8 MiB) in writes of 4 KiB
 *	serialrate in SOURCE [BYTES]	says "ready" (standard error), reads BYTES,
 *					prints how many, then their SHA-256
 *
 * TARGET and SOURCE are paths, or - for standard output or input. A terminal is
 * made raw first. Every block begins with its number, so that none can stand
 * for another.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define BLOCK 4096
#define DEFAULT_BYTES (8UL << 20)

static void fail(const char *what, const char *name)
{
	fprintf(stderr, "serialrate: %s %s: %s\n", what, name, strerror(errno));
	exit(1);
}

/* SHA-256, FIPS 180-4. */
struct sha256 {
	uint32_t state[8];
	uint64_t len;
	uint8_t block[64];
};

static const uint32_t initial[8] = {
	0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
	0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

static const uint32_t constant[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
	0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
	0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
	0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
	0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
	0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
	0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
	0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate(uint32_t x, int n)
{
	return x >> n | x << (32 - n);
}

static void compress(struct sha256 *sha, const uint8_t *block)
{
	uint32_t w[64], s[8];

	for (int i = 0; i < 16; i++, block += 4)
		w[i] = (uint32_t)block[0] << 24 | block[1] << 16 | block[2] << 8 | block[3];
	for (int i = 16; i < 64; i++)
		w[i] = w[i - 16] + w[i - 7] +
		       (rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3) +
		       (rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10);
	memcpy(s, sha->state, sizeof(s));
	for (int i = 0; i < 64; i++) {
		uint32_t t1 = s[7] + (rotate(s[4], 6) ^ rotate(s[4], 11) ^ rotate(s[4], 25)) +
			      ((s[4] & s[5]) ^ (~s[4] & s[6])) + constant[i] + w[i];
		uint32_t t2 = (rotate(s[0], 2) ^ rotate(s[0], 13) ^ rotate(s[0], 22)) +
			      ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));

		memmove(s + 1, s, 7 * sizeof(*s));
		s[4] += t1;
		s[0] = t1 + t2;
	}
	for (int i = 0; i < 8; i++)
		sha->state[i] += s[i];
}

static void update(struct sha256 *sha, const uint8_t *bytes, size_t len)
{
	while (len--) {
		sha->block[sha->len++ % 64] = *bytes++;
		if (sha->len % 64 == 0)
			compress(sha, sha->block);
	}
}

static void print_digest(struct sha256 *sha)
{
	uint64_t bits = sha->len * 8;
	uint8_t length[8];

	for (int i = 0; i < 8; i++)
		length[i] = bits >> (56 - 8 * i);
	update(sha, (const uint8_t *)"\x80", 1);
	while (sha->len % 64 != 56)
		update(sha, (const uint8_t *)"", 1);
	update(sha, length, 8);
	for (int i = 0; i < 8; i++)
		printf("%08x", sha->state[i]);
	putchar('\n');
}

static void make_raw(int fd)
{
	struct termios mode;

	if (tcgetattr(fd, &mode))
		return;		/* not a terminal */
	cfmakeraw(&mode);
	mode.c_cflag |= CLOCAL | CREAD | CRTSCTS;	/* without it what a slow reader misses is dropped */
	tcsetattr(fd, TCSANOW, &mode);
}

static void write_all(int fd, const uint8_t *bytes, size_t len)
{
	while (len) {
		ssize_t n = write(fd, bytes, len);

		if (n < 0 && errno != EINTR)
			fail("write to", "the target");
		if (n > 0) {
			bytes += n;
			len -= n;
		}
	}
}

static void send(int fd, unsigned long bytes)
{
	uint8_t block[BLOCK];
	uint32_t random = 2463534242, number = 0;

	for (int i = 0; i < BLOCK; i++) {	/* xorshift32 */
		random ^= random << 13;
		random ^= random >> 17;
		random ^= random << 5;
		block[i] = random;
	}
	for (; bytes; number++) {
		size_t n = bytes < BLOCK ? bytes : BLOCK;

		for (int i = 0; i < 4; i++)
			block[i] = number >> (8 * i);
		write_all(fd, block, n);
		bytes -= n;
	}
}

/*
 * Everything is read before anything is hashed: a reader that computes between
 * its reads is slower than the line, which then drops what it cannot keep.
 */
static void receive(int fd, unsigned long bytes)
{
	struct sha256 sha = { .len = 0 };
	uint8_t *buffer = malloc(bytes);
	unsigned long have = 0;

	if (!buffer)
		fail("no memory for", "the bytes");
	fputs("ready\n", stderr);
	while (have < bytes) {
		ssize_t n = read(fd, buffer + have, bytes - have);

		if (n == 0) {
			fprintf(stderr, "serialrate: the source ended with %lu bytes missing\n", bytes - have);
			exit(1);
		}
		if (n < 0 && errno != EINTR)
			fail("read from", "the source");
		if (n > 0)
			have += n;
	}
	printf("%lu bytes\n", have);
	fflush(stdout);
	memcpy(sha.state, initial, sizeof(initial));
	update(&sha, buffer, have);
	print_digest(&sha);
}

int main(int argc, char **argv)
{
	unsigned long bytes = argc == 4 ? strtoul(argv[3], NULL, 0) : DEFAULT_BYTES;
	int out = argc > 2 && !strcmp(argv[1], "out"), fd;

	if (argc < 3 || argc > 4 || !bytes || (!out && strcmp(argv[1], "in"))) {
		fputs("usage: serialrate out|in PATH|- [BYTES]\n", stderr);
		return 2;
	}
	if (!strcmp(argv[2], "-"))
		fd = out ? STDOUT_FILENO : STDIN_FILENO;
	else
		fd = open(argv[2], (out ? O_WRONLY : O_RDONLY) | O_NOCTTY);
	if (fd < 0)
		fail("cannot open", argv[2]);
	make_raw(fd);
	if (out)
		send(fd, bytes);
	else
		receive(fd, bytes);
	return 0;
}
