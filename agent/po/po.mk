# SPDX-License-Identifier: GPL-2.0-only
#
# The catalogues. vmsafe.pot is committed: a change of texts shows as one.

po	:= $(agent)/po
langs	:= $(patsubst $(po)/%.po,%,$(wildcard $(po)/*.po))
mo	:= $(foreach l,$(langs),$(OUT)/po/$(l)/LC_MESSAGES/vmsafe.mo)

# everything in POTFILES, and POTFILES lists every source that has a text
open	:= (
potfiles = $(shell cd $(agent) && grep -lE '\<(N_|_|vs_tr|vs_ngettext)\$(open)' \
	$$(find . -name '*.[ch]' | sed 's|^\./||' | LC_ALL=C sort))
xgettext = xgettext --from-code=UTF-8 --no-location --sort-output \
	--keyword=_ --keyword=N_ --keyword=vs_tr:2 --keyword=vs_ngettext:1,2 \
	--flag=_:1:pass-c-format --flag=vs_tr:2:pass-c-format \
	--flag=vs_gettext:1:pass-c-format \
	--flag=vs_buf_addf:2:c-format --flag=vs_error_set:5:c-format \
	--package-name=vmsafe-net --copyright-holder= \
	--directory=$(agent) --files-from=$(po)/POTFILES --output=-
# the header has the date of the run in it
pot	= { echo '\# SPDX-License-Identifier: GPL-2.0-only'; $(xgettext) | \
	sed -e '/^"POT-Creation-Date:/d' -e '1,/^$$/{/^\#/d}' \
	    -e 's/charset=CHARSET/charset=UTF-8/'; }

po: $(mo)

$(OUT)/po/%/LC_MESSAGES/vmsafe.mo: $(po)/%.po
	@mkdir -p $(@D)
	msgfmt --check -o $@ $<

po-update:
	@printf '%s\n' $(potfiles) >$(po)/POTFILES
	@$(pot) >$(po)/vmsafe.pot
	@for l in $(langs); do \
		msgmerge --quiet --no-location --sort-output --update \
			--backup=none --no-fuzzy-matching \
			$(po)/$$l.po $(po)/vmsafe.pot || exit 1; \
	done

po-check:
	@printf '%s\n' $(potfiles) | diff -u $(po)/POTFILES - || \
		{ echo "POTFILES is out of date: make -C agent po-update" >&2; \
		  exit 1; }
	@$(pot) | diff -u $(po)/vmsafe.pot - || \
		{ echo "vmsafe.pot is out of date: make -C agent po-update" >&2; \
		  exit 1; }
	@for l in $(langs); do $(po)/check $(po) $$l || exit 1; done
