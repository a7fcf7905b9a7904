#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: history.py DATABASE        is the history whole?
       history.py --size DATABASE  how much there is in it, but for events

What is open is told before it is over, and nothing is told twice: events 368
and 9000 of a VM take turns, and so do 730 and 731 of the appliance, and 9011
and 9012 of maintenance. In a history in which one was lost or doubled they do
not. That a VM's 368 recur, 9013, is not of that kind.
"""
import json
import sqlite3
import subprocess
import sys

PAIRS = {368: (368, 9000), 9000: (368, 9000),
         730: (730, 731), 731: (730, 731),
         9011: (9011, 9012), 9012: (9011, 9012)}


def read(path):
    """All events, the oldest first."""
    out = subprocess.run(["vmsafe", "events", "--json", "--db", path],
                         stdout=subprocess.PIPE, check=True)
    return json.loads(out.stdout)


def judge(events):
    """A list of complaints, and how many events were about VMs and host."""
    last, wrong, about, host = {}, [], 0, 0
    for n, event in enumerate(events):
        if event["id"] == 9013:
            continue
        pair = PAIRS.get(event["id"])
        vm = event["target"].get("vm_uuid")
        if not pair or (pair[0] == 368 and not vm):
            wrong.append(f"event {n} is {event['id']}, of which nobody spoke")
            continue
        about += pair[0] == 368
        host += pair[0] != 368
        key = (pair, vm if pair[0] == 368 else None)
        # the first may be either of the appliance, but only 368 of a VM
        before = last.get(key, 9000 if pair[0] == 368 else None)
        if event["id"] == before:
            wrong.append(f"event {n}: {before} of {vm or 'the host'} twice")
        last[key] = event["id"]
    wrong += [f"event 368 of {key[1]} is not over"
              for key, event in last.items() if event == 368]
    return wrong, about, host


def size(path):
    """Rows of each table but that of the events, which are to be more."""
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' "
                        "AND name NOT LIKE 'sqlite%' AND name != 'event' "
                        "ORDER BY name").fetchall()
    for table, in tables:
        rows, = db.execute(f"SELECT count(*) FROM {table}").fetchone()
        print(table, rows)


def main():
    if sys.argv[1] == "--size":
        return size(sys.argv[2])
    events = read(sys.argv[1])
    wrong, about, host = judge(events)
    print(f"told of VMs: {about}, of the appliance: {host}")
    for line in wrong:
        print(line)
    if not wrong:
        print("nothing lost, nothing doubled")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
