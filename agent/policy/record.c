// SPDX-License-Identifier: GPL-2.0-only
#include <linux/vmsafe_net.h>
#include <string.h>

#include "core/buf.h"
#include "core/mac.h"
#include "core/word.h"
#include "driver/word.h"
#include "policy/address.h"
#include "policy/record.h"

void vs_policy_line_read(struct vs_policy_line *line, const void *data,
			 size_t size)
{
	*line = (struct vs_policy_line){ .data = data, .size = size };
	if (size != sizeof(line->record))
		return;
	memcpy(&line->record, data, size);
	line->known = line->record.magic == VS_POLICY_RECORD_MAGIC;
}

const char *vs_policy_reason_word(unsigned int reason)
{
	static const char *const words[VS_POLICY_REASON_END] = {
		[VS_POLICY_MALFORMED] = "malformed",
		[VS_POLICY_UNKNOWN_PORT] = "unknown-port",
		[VS_POLICY_SOURCE_MAC] = "source-mac",
		[VS_POLICY_ARP_SENDER] = "arp-sender",
		[VS_POLICY_SOURCE_ADDRESS] = "source-address",
		[VS_POLICY_ND_TARGET] = "nd-target",
		[VS_POLICY_DHCP_SERVER] = "dhcp-server",
		[VS_POLICY_ROUTER] = "router",
		[VS_POLICY_NOT_ALLOWED] = "not-allowed",
		[VS_POLICY_SIGNATURE] = "signature",
	};

	return VS_WORD(words, reason);
}

static void vs_line_text(json_t *row, const char *key, const char *text)
{
	json_object_set_new(row, key, json_string(text));
}

static void vs_line_number(json_t *row, const char *key, json_int_t n)
{
	json_object_set_new(row, key, json_integer(n));
}

static void vs_line_mac(json_t *row, const char *key, const __u8 *mac)
{
	char text[VS_MAC_STR];
	struct vs_mac m;

	memcpy(m.b, mac, sizeof(m.b));
	vs_line_text(row, key, vs_mac_format(&m, text));
}

static void vs_line_addresses(json_t *row, const struct vs_policy_record *r)
{
	char text[VS_ADDRESS_STR];

	if (!r->family)
		return;
	vs_line_text(row, "source",
		     vs_address_format(r->family, r->source, text));
	vs_line_text(row, "target",
		     vs_address_format(r->family, r->target, text));
	vs_line_number(row, "protocol", r->protocol);
	if (r->source_port)
		vs_line_number(row, "source_port", r->source_port);
	if (r->target_port)
		vs_line_number(row, "target_port", r->target_port);
}

static json_t *vs_line_known(const struct vs_policy_record *r,
			     const char *port)
{
	json_t *row = json_object();

	vs_line_number(row, "ifindex", r->ifindex);
	if (port)
		vs_line_text(row, "port", port);
	vs_line_text(row, "direction",
		     vs_driver_word(VS_WORDS_DIRECTION, r->direction));
	vs_line_text(row, "reason", vs_policy_reason_word(r->reason));
	if (r->reason == VS_POLICY_SIGNATURE)
		vs_line_number(row, "signature", r->detail);
	vs_line_mac(row, "source_mac", r->source_mac);
	vs_line_mac(row, "target_mac", r->target_mac);
	vs_line_number(row, "ethertype", r->ethertype);
	if (r->vlan)
		vs_line_number(row, "vlan", r->vlan);
	vs_line_addresses(row, r);
	vs_line_number(row, "length", r->length);
	return row;
}

json_t *vs_policy_line_json(const struct vs_policy_line *line,
			    const char *port)
{
	struct vs_buf hex = { 0 };
	json_t *row;

	if (line->known)
		return vs_line_known(&line->record, port);
	for (size_t i = 0; i < line->size; i++)
		vs_buf_addf(&hex, "%02x", line->data[i]);
	row = json_object();
	vs_line_text(row, "data", vs_buf_str(&hex));
	vs_buf_free(&hex);
	return row;
}
