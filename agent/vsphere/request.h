/* SPDX-License-Identifier: GPL-2.0-only */
/* Private to sessions: the requests. Each appends what stands in <Body>. */
#ifndef VS_VSPHERE_REQUEST_H
#define VS_VSPHERE_REQUEST_H

#include "core/buf.h"

/** vs_request_content() - RetrieveServiceContent */
void vs_request_content(struct vs_buf *b);

/** vs_request_login() - Login */
void vs_request_login(struct vs_buf *b, const char *sessions, const char *user,
		      const char *password);

/** vs_request_logout() - Logout */
void vs_request_logout(struct vs_buf *b, const char *sessions);

/** vs_request_find() - FindByInventoryPath */
void vs_request_find(struct vs_buf *b, const char *search, const char *path);

/** vs_request_view() - CreateContainerView, of VMs and hosts */
void vs_request_view(struct vs_buf *b, const char *views, const char *type,
		     const char *container);

/** vs_request_list() - RetrievePropertiesEx, of at most @max objects */
void vs_request_list(struct vs_buf *b, const char *collector, const char *view,
		     unsigned int max);

/** vs_request_more() - ContinueRetrievePropertiesEx */
void vs_request_more(struct vs_buf *b, const char *collector,
		     const char *token);

/** vs_request_collector() - CreatePropertyCollector */
void vs_request_collector(struct vs_buf *b, const char *collector);

/** vs_request_filter() - CreateFilter, for whole properties */
void vs_request_filter(struct vs_buf *b, const char *collector,
		       const char *view);

/** vs_request_wait() - WaitForUpdatesEx, for at most @max objects */
void vs_request_wait(struct vs_buf *b, const char *collector,
		     const char *version, unsigned int seconds,
		     unsigned int max);

#endif
