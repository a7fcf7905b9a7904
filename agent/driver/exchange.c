// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <stdio.h>
#include <string.h>

#include "core/name.h"
#include "driver/exchange.h"

/** struct vs_extack - what the kernel says besides the errno */
struct vs_extack {
	char text[256];
	const char *bad;	/* name of the attribute to blame */
	const char *missing;	/* name of the attribute that is not there */
};

void vs_request_init(struct vs_request *r, uint16_t family, uint8_t cmd,
		     uint16_t flags, const struct vs_attr_set *attrs)
{
	struct genlmsghdr *genl;

	memset(r, 0, sizeof(*r));
	r->attrs = attrs;
	r->generic = true;
	r->nlh = mnl_nlmsg_put_header(r->buf);
	r->nlh->nlmsg_type = family;
	r->answer = family;
	r->nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	genl = mnl_nlmsg_put_extra_header(r->nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = 1;
}

void vs_request_plain(struct vs_request *r, uint16_t type, uint16_t answer,
		      uint16_t flags, const void *head, size_t len)
{
	memset(r, 0, sizeof(*r));
	r->answer = answer;
	r->nlh = mnl_nlmsg_put_header(r->buf);
	r->nlh->nlmsg_type = type;
	r->nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	memcpy(mnl_nlmsg_put_extra_header(r->nlh, len), head, len);
}

void vs_request_put(struct vs_request *r, uint16_t type, size_t len,
		    const void *data)
{
	if (!mnl_attr_put_check(r->nlh, sizeof(r->buf), type, len, data))
		r->overflow = true;
}

void vs_request_put_string(struct vs_request *r, uint16_t type, const char *s)
{
	vs_request_put(r, type, strlen(s) + 1, s);
}

/* the name of the attribute at an offset into the request */
static const char *vs_extack_bad(const struct vs_request *r, uint32_t offs)
{
	const struct nlmsghdr *nlh = r->nlh;
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, GENL_HDRLEN) {
		if ((uintptr_t)attr - (uintptr_t)nlh == offs)
			return vs_attr_name(r->attrs, mnl_attr_get_type(attr));
	}
	return NULL;
}

static void vs_extack_take(struct vs_extack *ext, const struct vs_request *r,
			   const struct nlattr *attr)
{
	size_t len = mnl_attr_get_payload_len(attr);
	char raw[200];

	switch (mnl_attr_get_type(attr)) {
	case NLMSGERR_ATTR_MSG:
		snprintf(raw, sizeof(raw), "%.*s", (int)len,
			 (const char *)mnl_attr_get_payload(attr));
		vs_name_escape(ext->text, sizeof(ext->text), raw);
		break;
	case NLMSGERR_ATTR_OFFS:
		if (len == sizeof(uint32_t))
			ext->bad = vs_extack_bad(r, mnl_attr_get_u32(attr));
		break;
	case NLMSGERR_ATTR_MISS_TYPE:
		if (len == sizeof(uint32_t))
			ext->missing = vs_attr_name(r->attrs,
						    mnl_attr_get_u32(attr));
		break;
	}
}

/* @offset: where, in the payload, the attributes of the extack begin */
static void vs_extack_read(struct vs_extack *ext, const struct vs_request *r,
			   const struct nlmsghdr *nlh, size_t offset)
{
	const struct nlattr *attr;

	memset(ext, 0, sizeof(*ext));
	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS) ||
	    offset > mnl_nlmsg_get_payload_len(nlh))
		return;
	mnl_attr_for_each(attr, nlh, offset)
		vs_extack_take(ext, r, attr);
}

/*
 * Is the module gone, or about to go? A dump is not begun any more then, and a
 * number that no family has is not found. What the family itself does not find
 * it says.
 */
static bool vs_exchange_is_void(const struct vs_exchange *x, int err,
				const struct vs_extack *ext)
{
	if (!x->request->generic)
		return false;
	return err == EPROTONOSUPPORT ||
	       (err == ENOENT && !*ext->text && !ext->missing && !ext->bad);
}

static void vs_exchange_fail(struct vs_exchange *x, int err,
			     const struct vs_extack *ext)
{
	const char *name = ext->missing ? ext->missing : ext->bad;
	const char *verb = ext->missing ? "missing " : "";
	enum vs_why why = err == EPERM ? VS_WHY_NO_PERMISSION :
			  err == ENOMEM ? VS_WHY_NO_MEMORY : VS_WHY_NONE;

	if (vs_exchange_is_void(x, err, ext)) {
		vs_error_set(x->error, VS_OP_NETLINK, VS_WHY_NOT_LOADED, 0,
			     NULL);
		x->ret = -ENOENT;
		return;
	}
	if (*ext->text && name)
		x->ret = vs_error_set(x->error, VS_OP_NETLINK, why, err,
				      "%s (%sattribute %s)", ext->text, verb,
				      name);
	else if (name)
		x->ret = vs_error_set(x->error, VS_OP_NETLINK, why, err,
				      "%sattribute %s", verb, name);
	else
		x->ret = vs_error_set(x->error, VS_OP_NETLINK, why, err,
				      *ext->text ? "%s" : NULL, ext->text);
}

static void vs_exchange_bad(struct vs_exchange *x, int err)
{
	enum vs_why why = err == -ENOMEM ? VS_WHY_NO_MEMORY : VS_WHY_BAD_DATA;

	if (!x->ret)
		x->ret = vs_error_set(x->error, VS_OP_NETLINK, why, err, NULL);
}

/* NLMSG_ERROR: a refusal, or with 0 the acknowledgment */
static void vs_exchange_error(struct vs_exchange *x,
			      const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);
	size_t offset = sizeof(*err);
	struct vs_extack ext;

	x->done = true;
	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*err)) {
		vs_exchange_bad(x, -EBADMSG);
		return;
	}
	if (!err->error)
		return;
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED) &&
	    err->msg.nlmsg_len > sizeof(err->msg))
		offset += MNL_ALIGN(err->msg.nlmsg_len - sizeof(err->msg));
	vs_extack_read(&ext, x->request, nlh, offset);
	vs_exchange_fail(x, -err->error, &ext);
}

/* NLMSG_DONE: the end of a dump; a dump may fail as late as here */
static void vs_exchange_done(struct vs_exchange *x, const struct nlmsghdr *nlh)
{
	struct vs_extack ext;
	int code = 0;

	x->done = true;
	if (mnl_nlmsg_get_payload_len(nlh) >= sizeof(code))
		memcpy(&code, mnl_nlmsg_get_payload(nlh), sizeof(code));
	if (code >= 0)
		return;
	vs_extack_read(&ext, x->request, nlh, MNL_ALIGN(sizeof(code)));
	vs_exchange_fail(x, -code, &ext);
}

static void vs_exchange_message(struct vs_exchange *x,
				const struct nlmsghdr *nlh)
{
	const struct nlmsghdr *sent = x->request->nlh;
	int ret;

	if (nlh->nlmsg_seq != sent->nlmsg_seq || nlh->nlmsg_pid != x->portid)
		return;
	if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
		x->torn = true;
	if (nlh->nlmsg_type == NLMSG_ERROR) {
		vs_exchange_error(x, nlh);
	} else if (nlh->nlmsg_type == NLMSG_DONE) {
		vs_exchange_done(x, nlh);
	} else if (nlh->nlmsg_type == x->request->answer && x->fn &&
		   !x->ret) {
		/* after a failure the rest is taken in all the same */
		ret = x->fn(x->ctx, nlh);
		if (ret)
			vs_exchange_bad(x, ret);
	}
}

bool vs_message_is_whole(const struct nlmsghdr *nlh, size_t len)
{
	return len >= sizeof(*nlh) && nlh->nlmsg_len >= sizeof(*nlh) &&
	       nlh->nlmsg_len <= len;
}

void vs_exchange_feed(struct vs_exchange *x, const void *buf, size_t len)
{
	const char *p = buf;

	while (!x->done && len) {
		const struct nlmsghdr *nlh = (const struct nlmsghdr *)p;
		size_t step;

		if (!vs_message_is_whole(nlh, len)) {
			vs_exchange_bad(x, -EBADMSG);
			x->done = true;
			return;
		}
		vs_exchange_message(x, nlh);
		/* the last one need not be padded */
		step = MNL_ALIGN(nlh->nlmsg_len);
		step = step < len ? step : len;
		p += step;
		len -= step;
	}
}
