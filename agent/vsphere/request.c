// SPDX-License-Identifier: GPL-2.0-only
#include "vsphere/entity.h"
#include "vsphere/request.h"
#include "vsphere/soap.h"

/* <name type="type">text</name> */
static void vs_request_ref(struct vs_buf *b, const char *name,
			   const char *type, const char *ref)
{
	vs_buf_addf(b, "<%s type=\"%s\">", name, type);
	vs_soap_escape(b, ref);
	vs_buf_addf(b, "</%s>", name);
}

static void vs_request_text(struct vs_buf *b, const char *name,
			    const char *text)
{
	vs_buf_addf(b, "<%s>", name);
	vs_soap_escape(b, text);
	vs_buf_addf(b, "</%s>", name);
}

static void vs_request_begin(struct vs_buf *b, const char *method,
			     const char *type, const char *ref)
{
	vs_buf_addf(b, "<%s xmlns=\"urn:vim25\">", method);
	vs_request_ref(b, "_this", type, ref);
}

static void vs_request_end(struct vs_buf *b, const char *method)
{
	vs_buf_addf(b, "</%s>", method);
}

void vs_request_content(struct vs_buf *b)
{
	vs_request_begin(b, "RetrieveServiceContent", "ServiceInstance",
			 "ServiceInstance");
	vs_request_end(b, "RetrieveServiceContent");
}

void vs_request_login(struct vs_buf *b, const char *sessions, const char *user,
		      const char *password)
{
	vs_request_begin(b, "Login", "SessionManager", sessions);
	vs_request_text(b, "userName", user);
	vs_request_text(b, "password", password);
	vs_request_end(b, "Login");
}

void vs_request_logout(struct vs_buf *b, const char *sessions)
{
	vs_request_begin(b, "Logout", "SessionManager", sessions);
	vs_request_end(b, "Logout");
}

void vs_request_find(struct vs_buf *b, const char *search, const char *path)
{
	vs_request_begin(b, "FindByInventoryPath", "SearchIndex", search);
	vs_request_text(b, "inventoryPath", path);
	vs_request_end(b, "FindByInventoryPath");
}

void vs_request_view(struct vs_buf *b, const char *views, const char *type,
		     const char *container)
{
	vs_request_begin(b, "CreateContainerView", "ViewManager", views);
	vs_request_ref(b, "container", type, container);
	vs_request_text(b, "type", "VirtualMachine");
	vs_request_text(b, "type", "HostSystem");
	vs_request_text(b, "recursive", "true");
	vs_request_end(b, "CreateContainerView");
}

/* every VM and host in the view, with the properties of entity.h */
static void vs_request_spec(struct vs_buf *b, const char *name,
			    const char *view)
{
	vs_buf_addf(b, "<%s><propSet><type>VirtualMachine</type>", name);
	for (int i = 0; i < VS_PROP_COUNT; i++)
		vs_request_text(b, "pathSet", vs_prop_path(i));
	vs_buf_add(b, "</propSet><propSet><type>HostSystem</type>");
	vs_request_text(b, "pathSet", vs_prop_path(VS_PROP_NAME));
	vs_buf_add(b, "</propSet><objectSet>");
	vs_request_ref(b, "obj", "ContainerView", view);
	vs_buf_add(b, "<skip>true</skip><selectSet xsi:type=\"TraversalSpec\">"
		   "<name>view</name><type>ContainerView</type>"
		   "<path>view</path><skip>false</skip></selectSet>");
	vs_buf_addf(b, "</objectSet></%s>", name);
}

void vs_request_list(struct vs_buf *b, const char *collector, const char *view,
		     unsigned int max)
{
	vs_request_begin(b, "RetrievePropertiesEx", "PropertyCollector",
			 collector);
	vs_request_spec(b, "specSet", view);
	vs_buf_addf(b, "<options><maxObjects>%u</maxObjects></options>", max);
	vs_request_end(b, "RetrievePropertiesEx");
}

void vs_request_more(struct vs_buf *b, const char *collector,
		     const char *token)
{
	vs_request_begin(b, "ContinueRetrievePropertiesEx",
			 "PropertyCollector", collector);
	vs_request_text(b, "token", token);
	vs_request_end(b, "ContinueRetrievePropertiesEx");
}

void vs_request_collector(struct vs_buf *b, const char *collector)
{
	vs_request_begin(b, "CreatePropertyCollector", "PropertyCollector",
			 collector);
	vs_request_end(b, "CreatePropertyCollector");
}

void vs_request_filter(struct vs_buf *b, const char *collector,
		       const char *view)
{
	vs_request_begin(b, "CreateFilter", "PropertyCollector", collector);
	vs_request_spec(b, "spec", view);
	vs_request_text(b, "partialUpdates", "false");
	vs_request_end(b, "CreateFilter");
}

void vs_request_wait(struct vs_buf *b, const char *collector,
		     const char *version, unsigned int seconds,
		     unsigned int max)
{
	vs_request_begin(b, "WaitForUpdatesEx", "PropertyCollector",
			 collector);
	vs_request_text(b, "version", version);
	vs_buf_addf(b, "<options><maxWaitSeconds>%u</maxWaitSeconds>"
		    "<maxObjectUpdates>%u</maxObjectUpdates></options>",
		    seconds, max);
	vs_request_end(b, "WaitForUpdatesEx");
}
