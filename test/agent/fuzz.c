// SPDX-License-Identifier: MIT
/*
 * libFuzzer target for everything that reads the host's bytes: the frame
 * decoder, whole and cut; the codec both ways; and the messages in the frames.
 *
 *	clang -fsanitize=fuzzer,address,undefined ...	and run it on a corpus
 *	gcc -fsanitize=address,undefined -DSTANDALONE ...	ROUNDS SEED without libFuzzer
 */
#include <pb_decode.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bridge.pb.h"
#include "crc32.h"
#include "frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void require(int condition, const char *what)
{
	if (condition)
		return;
	fprintf(stderr, "fuzz: %s\n", what);
	abort();
}

/* Whatever a frame says it is, no reader may stumble over it. */
static void read_message(const struct frame *frame)
{
	static union {
		bridge_Hello hello;
		bridge_Request request;
		bridge_Credit credit;
		bridge_Ping ping;
	} message;
	static const pb_msgdesc_t *const kinds[] = {
		bridge_Hello_fields, bridge_Request_fields, bridge_Credit_fields, bridge_Ping_fields,
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		pb_istream_t in = pb_istream_from_buffer(frame->body, frame->len);

		memset(&message, 0, sizeof(message));
		pb_decode(&in, kinds[i], &message);
	}
}

/* Pushes the bytes @step at a time; gives the decoder's counts. */
static struct decoder *decode(const uint8_t *bytes, size_t len, size_t step)
{
	static struct decoder decoder;

	memset(&decoder, 0, offsetof(struct decoder, buf));
	for (size_t at = 0; at < len;) {
		size_t n = len - at < step ? len - at : step;
		struct frame frame;
		bool whole;

		n = decoder_push(&decoder, bytes + at, n, &frame, &whole);
		require(n > 0, "a push took nothing");
		at += n;
		if (whole)
			read_message(&frame);
	}
	return &decoder;
}

static void check_decoder(const uint8_t *bytes, size_t len)
{
	struct decoder whole = *decode(bytes, len, len);
	struct decoder *cut = decode(bytes, len, 7);

	require(whole.frames == cut->frames && whole.bad_crc == cut->bad_crc && whole.malformed == cut->malformed,
		"cutting the bytes changed the frames");
}

/* What is encoded comes back, also behind anything at all. */
static void check_round_trip(const uint8_t *bytes, size_t len)
{
	static uint8_t wire[FRAME_WIRE_MAX];
	static struct decoder decoder;
	struct frame sent = { .type = len, .flags = 1, .stream = len, .sequence = 0, .epoch = 0x100, .body = bytes };
	struct frame got;
	bool whole;
	size_t n;

	sent.len = len < FRAME_BODY_MAX ? len : FRAME_BODY_MAX;
	n = frame_encode(wire, &sent);
	require(n <= sizeof(wire) && strnlen((char *)wire + 1, n - 1) == n - 2, "a zero inside a frame");
	memset(&decoder, 0, sizeof(decoder));
	decoder_push(&decoder, wire, n, &got, &whole);
	require(whole && got.len == sent.len && !memcmp(got.body, bytes, sent.len) && got.type == sent.type,
		"a frame changed on its way");
}

/* The input as the raw content of a frame with a good CRC: gets past the checksum to the messages. */
static void check_message(const uint8_t *bytes, size_t len)
{
	struct frame frame = { .body = bytes, .len = len };

	read_message(&frame);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static int ready;

	if (!ready++)
		crc32_init();
	check_decoder(bytes, len);
	check_round_trip(bytes, len);
	check_message(bytes, len);
	return 0;
}

#ifdef STANDALONE
/* Good frames with a little damage, and plain noise. */
static size_t invent(uint8_t *bytes, size_t max)
{
	static uint8_t body[1000];
	size_t len = 0;

	while (len + FRAME_WIRE_MAX < max && rand() % 4) {
		struct frame frame = { rand(), rand(), rand(), rand(), rand(), body, rand() % 700 };

		for (size_t i = 0; i < frame.len; i++)
			body[i] = rand() % 3 ? rand() : 0;
		len += frame_encode(bytes + len, &frame);
	}
	for (int i = rand() % 30; i > 0; i--)
		bytes[len++] = rand() % 12;
	for (int i = rand() % 4; i > 0 && len; i--)
		bytes[rand() % len] ^= 1 << rand() % 8;
	return len;
}

int main(int argc, char **argv)
{
	static uint8_t bytes[1 << 17];
	long rounds = argc > 1 ? atol(argv[1]) : 1000;

	srand(argc > 2 ? atoi(argv[2]) : 1);
	crc32_init();
	for (long i = 0; i < rounds; i++) {
		size_t len = invent(bytes, sizeof(bytes));
		uint8_t *exact = malloc(len + 1);	/* so that the sanitizer sees its end */

		memcpy(exact, bytes, len);
		LLVMFuzzerTestOneInput(exact, len);
		free(exact);
	}
	printf("%ld rounds\n", rounds);
	return 0;
}
#endif
