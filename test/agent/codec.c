// SPDX-License-Identifier: MIT
/*
 * The agent's codec behind a pipe, for tests that compare it with another one.
 * One command a line, one answer a line, all bytes as hex ("-" for none):
 *
 *	encode TYPE FLAGS STREAM SEQUENCE EPOCH BODY	-> WIRE
 *	decode CHUNK...		-> BADCRC MALFORMED [TYPE:FLAGS:STREAM:SEQUENCE:EPOCH:BODY]...
 *	message NAME BYTES	-> the same message decoded and encoded again, or "invalid"
 *
 * A decode begins with a fresh decoder and pushes each chunk by itself.
 */
#include <ctype.h>
#include <pb_decode.h>
#include <pb_encode.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bridge.pb.h"
#include "crc32.h"
#include "frame.h"

static const struct { const char *name; const pb_msgdesc_t *fields; } messages[] = {
	{ "Hello", bridge_Hello_fields }, { "Ping", bridge_Ping_fields }, { "Pong", bridge_Pong_fields },
	{ "Credit", bridge_Credit_fields }, { "Request", bridge_Request_fields },
	{ "Reply", bridge_Reply_fields }, { "Error", bridge_Error_fields },
	{ "FileInfo", bridge_FileInfo_fields },
};

/* Bytes of hex text, at most @max; the text is trusted, the length is not. sscanf would measure all of it for each. */
static size_t parse_hex(const char *text, uint8_t *bytes, size_t max)
{
	size_t n = 0;

	for (; n < max && isxdigit((unsigned char)text[0]) && isxdigit((unsigned char)text[1]); text += 2) {
		char pair[] = { text[0], text[1], '\0' };

		bytes[n++] = strtoul(pair, NULL, 16);
	}
	return n;
}

static void print_hex(const uint8_t *bytes, size_t len)
{
	if (!len)
		putchar('-');
	for (size_t i = 0; i < len; i++)
		printf("%02x", bytes[i]);
}

static void encode(char *arguments)
{
	static uint8_t body[FRAME_BODY_MAX], wire[FRAME_WIRE_MAX];
	unsigned int type, flags, stream, sequence, epoch;
	int at = 0;

	sscanf(arguments, "%u %u %u %u %u %n", &type, &flags, &stream, &sequence, &epoch, &at);

	struct frame frame = { type, flags, stream, sequence, epoch, body, 0 };

	frame.len = parse_hex(arguments + at, body, FRAME_BODY_MAX);
	print_hex(wire, frame_encode(wire, &frame));
}

static char *append(char *to, const struct frame *frame)
{
	to += sprintf(to, " %u:%u:%u:%u:%u:", frame->type, frame->flags, frame->stream, frame->sequence, frame->epoch);
	for (size_t i = 0; i < frame->len; i++)
		to += sprintf(to, "%02x", frame->body[i]);
	return to;
}

static void decode(char *arguments)
{
	static struct decoder decoder;
	char *found = malloc(8 * strlen(arguments) + 64), *end = found;

	memset(&decoder, 0, sizeof(decoder));
	*end = '\0';
	for (char *text = strtok(arguments, " "); text; text = strtok(NULL, " ")) {
		size_t max = strlen(text) / 2, len, used = 0;
		uint8_t *bytes = malloc(max + 1);

		len = parse_hex(text, bytes, max);
		while (used < len) {
			struct frame frame;
			bool whole;

			used += decoder_push(&decoder, bytes + used, len - used, &frame, &whole);
			if (whole)
				end = append(end, &frame);
		}
		free(bytes);
	}
	printf("%u %u%s", decoder.bad_crc, decoder.malformed, found);
	free(found);
}

static void message(char *arguments)
{
	static union {
		bridge_Hello hello;
		bridge_Request request;
		bridge_Reply reply;
		bridge_FileInfo file;
	} decoded;
	static uint8_t bytes[16384], again[16384];
	char *name = strtok(arguments, " "), *hex = strtok(NULL, " ");
	size_t len = parse_hex(hex, bytes, sizeof(bytes));

	for (size_t i = 0; i < sizeof(messages) / sizeof(*messages); i++) {
		pb_istream_t in = pb_istream_from_buffer(bytes, len);
		pb_ostream_t out = pb_ostream_from_buffer(again, sizeof(again));

		if (strcmp(messages[i].name, name))
			continue;
		memset(&decoded, 0, sizeof(decoded));
		if (pb_decode(&in, messages[i].fields, &decoded) && pb_encode(&out, messages[i].fields, &decoded))
			print_hex(again, out.bytes_written);
		else
			fputs("invalid", stdout);
	}
}

int main(void)
{
	char *line = NULL;
	size_t size = 0;

	crc32_init();
	while (getline(&line, &size, stdin) > 0) {
		char *arguments = strchr(line, ' ');

		line[strcspn(line, "\n")] = '\0';
		if (!arguments)
			return 2;
		*arguments++ = '\0';
		if (!strcmp(line, "encode"))
			encode(arguments);
		else if (!strcmp(line, "decode"))
			decode(arguments);
		else
			message(arguments);
		putchar('\n');
	}
	free(line);
	return 0;
}
