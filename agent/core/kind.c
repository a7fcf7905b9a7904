// SPDX-License-Identifier: GPL-2.0-only
#include "core/event.h"
#include "core/kind.h"
#include "core/text.h"

/* by ID */
static const struct vs_event_kind vs_event_kinds[] = {
	{
		.id = VS_EVENT_INTERFACE_DELETED,
		.name = N_("Interface Deleted"),
		.sentence =
			N_("An operator removed an interface that is not in "
			   "use any longer."),
		.message_id = "8081ff19ad7e46a8904b21aa0fe336b7",
	},
	{
		.id = VS_EVENT_OUT_OF_SYNC,
		.name = N_("Interfaces Out of Sync"),
		.message_id = "1c8c8d2234d54bcb95fae33d29896d36",
	},
	{
		.id = VS_EVENT_MOVED_UNPROTECTED,
		.name = N_("Virtual Machine unprotected after move to "
			   "another ESXi"),
		.sentence =
			N_("This VM came from another host and is not filtered "
			   "here. When this is the only event about the VM, it "
			   "can be ignored."),
		.message_id = "9cbcd26ed72e4e54b0730d41ff5d8e53",
	},
	{
		.id = VS_EVENT_UNKNOWN_AGENT,
		.name = N_("Reactivation Attempted by Unknown Agent"),
		.sentence =
			N_("Somebody tried to activate a VM that is active "
			   "already. A clone of an activated VM shows so."),
		.message_id = "da57791ff2c94bff96ae36e01036635f",
	},
	{
		.id = VS_EVENT_OFFLINE,
		.name = N_("Offline"),
		.sentence =
			N_("The appliance has stopped. What is bound stays "
			   "enforced, but nobody watches over the interfaces of "
			   "this host until it is back."),
		.message_id = "fe1362c0c645471c86252d1098ed9e62",
	},
	{
		.id = VS_EVENT_BACK_ONLINE,
		.name = N_("Back Online"),
		.sentence =
			N_("The appliance is back and watches over the "
			   "interfaces of this host again."),
		.message_id = "cf3c01b008ab4b4faef0cfe7d4fa7e21",
	},
	{
		.id = VS_EVENT_INVENTORY_LOST,
		.name = N_("Communications Problem"),
		.sentence =
			N_("The inventory cannot be read. Until it can, the "
			   "state of every VM on this host is unknown."),
		.message_id = "f22a834a2b60473eb17bae7e08a12579",
	},
	{
		.id = VS_EVENT_INVENTORY_BACK,
		.name = N_("Communications Problem Resolved"),
		.sentence =
			N_("The inventory can be read again."),
		.message_id = "70b63ad04ee04b54979a5777cd5911b7",
	},
	{
		.id = VS_EVENT_HEARTBEAT_REJECTED,
		.name = N_("Heartbeat Rejected"),
		.sentence =
			N_("The Filter Driver refused the heartbeat of an "
			   "appliance session that is over."),
		.message_id = "13d9616e00b94f819e080d7c3271ec8a",
	},
	{
		.id = VS_EVENT_UNKNOWN_CLIENT,
		.name = N_("Contact by Unrecognized Client"),
		.sentence =
			N_("A program that does not hold the appliance "
			   "session spoke to the Filter Driver as if it did."),
		.message_id = "a2c3ed77ba00431bb54d335a71e6c376",
	},
	{
		.id = VS_EVENT_DRIVER_OFFLINE,
		.name = N_("Filter Driver Connection Failed"),
		.message_id = "4de10430414d46f6b8f21977160c5b00",
	},
	{
		.id = VS_EVENT_DRIVER_ONLINE,
		.name = N_("Filter Driver Connection Success"),
		.sentence =
			N_("The Filter Driver is online again."),
		.message_id = "97c10f1406bc4071b9860fb6bcbdaa5d",
	},
	{
		.id = VS_EVENT_IN_SYNC,
		.name = N_("Interfaces In Sync"),
		.message_id = "e6adc7e8c70c49bea08977c35ef1d9db",
	},
	{
		.id = VS_EVENT_VERIFIED,
		.name = N_("Filter Driver List Verified"),
		.sentence =
			N_("The Filter Driver's list can be verified again."),
		.message_id = "179b9edb23884710b00a9074b07855a2",
	},
	{
		.id = VS_EVENT_HOST_LOST,
		.name = N_("Host Ports Unreadable"),
		.sentence =
			N_("The ports of this host cannot be read. Until "
			   "they can, a VM whose ports nobody bound goes "
			   "unnoticed."),
		.message_id = "aff50ed55daa492b8f9a681c7bdfbdf2",
	},
	{
		.id = VS_EVENT_HOST_BACK,
		.name = N_("Host Ports Readable"),
		.sentence =
			N_("The ports of this host can be read again."),
		.message_id = "9657ad3c53cd41e8842856ef756949cb",
	},
	{
		.id = VS_EVENT_BYPASSED,
		.name = N_("Interface Bypassed"),
		.message_id = "eec6ec102fa747029b59891b156aa6ea",
	},
	{
		.id = VS_EVENT_BYPASS_OVER,
		.name = N_("Interface Bypass Over"),
		.sentence =
			N_("No program leads packets past the Filter Driver on "
			   "the ports of this VM any longer."),
		.message_id = "b0d2e7b9aa1c441497a541db9e4f071e",
	},
	{
		.id = VS_EVENT_DIGEST,
		.name = N_("Many Events at Once"),
		.message_id = "20a44ee661794a5db2ca6f5fcaacf0e4",
	},
	{
		.id = VS_EVENT_HISTORY_ASIDE,
		.name = N_("Event History Set Aside"),
		.sentence =
			N_("The event history was damaged. It has been set "
			   "aside, and a new one begun."),
		.message_id = "91915186b3964286b7044bfcea293296",
	},
	{
		.id = VS_EVENT_EVENTS_LOST,
		.name = N_("Events Lost"),
		.message_id = "791ebcc04e9146c08c1d9ad762abf9cd",
	},
	{
		.id = VS_EVENT_STEP_TAKEN,
		.name = N_("Recovery Step Taken"),
		.message_id = "05339c52543fb864116e91fd1b63cce4",
	},
	{
		.id = VS_EVENT_SYNCHRONISED,
		.name = N_("Synchronised on Request"),
		.message_id = "2b1edf38fb05f828b2248d89816169da",
	},
	{
		.id = VS_EVENT_MAINTENANCE_BEGUN,
		.name = N_("Maintenance Begun"),
		.message_id = "372dda26778f3de41a4c38aaa547fd45",
	},
	{
		.id = VS_EVENT_MAINTENANCE_OVER,
		.name = N_("Maintenance Over"),
		.message_id = "40822f2247825409606fd8911a80dcda",
	},
	{
		.id = VS_EVENT_RECURRING,
		.name = N_("Interfaces Repeatedly Out of Sync"),
		.message_id = "9df304f53d254ce8997ed81dba87b2f9",
	},
};

#define VS_KINDS (sizeof(vs_event_kinds) / sizeof(*vs_event_kinds))

_Static_assert(VS_KINDS <= VS_EVENT_KINDS, "more kinds than there is room");

const struct vs_event_kind *vs_event_kind_at(size_t place)
{
	return place < VS_KINDS ? &vs_event_kinds[place] : NULL;
}

int vs_event_kind_place(unsigned int id)
{
	for (size_t i = 0; i < VS_KINDS; i++) {
		if (vs_event_kinds[i].id == id)
			return i;
	}
	return -1;
}

const struct vs_event_kind *vs_event_kind(unsigned int id)
{
	int place = vs_event_kind_place(id);

	return place < 0 ? NULL : &vs_event_kinds[place];
}
