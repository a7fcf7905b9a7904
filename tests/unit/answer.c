// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <stdlib.h>

#include "answer.h"
#include "vsphere/tree.h"

struct taker {
	struct vs_roster *roster;
	struct answer *answer;
};

static int take(void *ctx, const struct vs_twig *twig)
{
	struct taker *t = ctx;

	return t->roster ? vs_roster_take(t->roster, twig, &t->answer->error) :
			   0;
}

struct answer answer_take(struct vs_roster *roster, const char *xml,
			  size_t len, size_t step)
{
	struct answer answer = { 0 };
	struct taker taker = { roster, &answer };
	struct vs_tree *tree = vs_tree_new(take, &taker);
	const struct vs_twig *root;

	assert_non_null(tree);
	for (size_t n; len && !answer.ret; xml += n, len -= n) {
		n = len < step ? len : step;
		answer.ret = vs_tree_feed(tree, xml, n);
	}
	if (!answer.ret)
		answer.ret = vs_tree_end(tree, &root);
	snprintf(answer.why, sizeof(answer.why), "%s", vs_tree_why(tree));
	vs_tree_free(tree);
	return answer;
}

#define HEAD "<?xml version=\"1.0\"?><e:Envelope xmlns:e=\"e\" " \
	     "xmlns:xsi=\"x\" xmlns=\"urn:vim25\"><e:Body>"
#define TAIL "</e:Body></e:Envelope>"

static struct answer wrapped(struct vs_roster *roster, const char *before,
			     const char *objects, const char *after)
{
	struct answer answer;
	char *xml;
	int n = asprintf(&xml, HEAD "%s%s%s" TAIL, before, objects, after);

	assert_true(n > 0);
	answer = answer_take(roster, xml, n, ANSWER_STEP);
	free(xml);
	return answer;
}

struct answer answer_list(struct vs_roster *roster, const char *objects)
{
	return wrapped(roster, "<RetrievePropertiesExResponse><returnval>",
		       objects, "</returnval></RetrievePropertiesExResponse>");
}

struct answer answer_update(struct vs_roster *roster, const char *objects)
{
	return wrapped(roster, "<WaitForUpdatesExResponse><returnval>"
		       "<version>2</version><filterSet>", objects,
		       "</filterSet></returnval></WaitForUpdatesExResponse>");
}

const char *answer_vm(char *buf, size_t size, const char *ref,
		      const char *props)
{
	int n = snprintf(buf, size, "<objects><obj type=\"VirtualMachine\">%s"
			 "</obj><propSet><name>runtime.host</name>"
			 "<val type=\"HostSystem\">host-1</val></propSet>"
			 "<propSet><name>runtime.powerState</name>"
			 "<val>poweredOn</val></propSet>%s</objects>", ref,
			 props);

	assert_true(n > 0 && (size_t)n < size);
	return buf;
}
