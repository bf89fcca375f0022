// SPDX-License-Identifier: MIT
/*
 * Generic netlink: the bench's own module has a family "ddecho" whose command
 * sends its attribute back. A round trip is one write(2) and one read(2), which
 * a socket that talks to the kernel takes as well as sendmsg and recvmsg.
 */
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "peer.h"

#define FAMILY		"ddecho"
#define ECHO_CMD	1
#define ECHO_ATTR	1
#define ROOM		(4 * DEPTH * MOST_BYTES)

struct head {
	struct nlmsghdr netlink;
	struct genlmsghdr generic;
	struct nlattr attribute;
};

static const char *genetlink_unfit(size_t size)
{
	return sizeof(struct nlattr) + size > UINT16_MAX ?
	       "the length of an attribute has 16 bits" : NULL;
}

static void fill(struct head *head, int family, int command, int attribute, size_t size)
{
	*head = (struct head){
		.netlink = { .nlmsg_len = sizeof(*head) + NLA_ALIGN(size),
			     .nlmsg_type = family,
			     .nlmsg_flags = NLM_F_REQUEST },
		.generic = { .cmd = command, .version = 1 },
		.attribute = { .nla_len = sizeof(struct nlattr) + size,
			       .nla_type = attribute },
	};
}

/* The number that the family was given: the first attribute of that kind in the answer. */
static int find_family(int fd)
{
	struct {
		struct head head;
		char name[NLA_ALIGN(sizeof(FAMILY))];
	} question = { .name = FAMILY };
	char answer[4096] __attribute__((aligned(4)));
	struct nlattr *attribute;
	ssize_t size, at;

	fill(&question.head, GENL_ID_CTRL, CTRL_CMD_GETFAMILY,
	     CTRL_ATTR_FAMILY_NAME, sizeof(FAMILY));
	if (write(fd, &question, question.head.netlink.nlmsg_len) < 0)
		die("asking for the family " FAMILY);
	size = read(fd, answer, sizeof(answer));
	for (at = sizeof(struct nlmsghdr) + sizeof(struct genlmsghdr); at < size;
	     at += NLA_ALIGN(attribute->nla_len)) {
		attribute = (void *)(answer + at);
		if (attribute->nla_type == CTRL_ATTR_FAMILY_ID)
			return *(uint16_t *)(attribute + 1);
	}
	die("there is no family " FAMILY);
}

static void open_genetlink(struct wire *wire)
{
	int room = ROOM;

	wire->in = wire->out = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
	if (wire->in < 0)
		die("socket(AF_NETLINK)");
	if (setsockopt(wire->in, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)))
		die("setsockopt(SO_RCVBUFFORCE)");
	wire->header = sizeof(struct head);
	wire->length = wire->header + NLA_ALIGN(wire->size);
	fill((void *)wire->sent, find_family(wire->in), ECHO_CMD, ECHO_ATTR, wire->size);
}

const struct peer peer_genetlink = {
	.name = "genetlink",
	.echoes = true,
	.unfit = genetlink_unfit,
	.open = open_genetlink,
	.send = send_by_write,
	.receive = receive_by_read,
};
