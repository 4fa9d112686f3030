#!/usr/bin/env python3
"""Sums JUnit's XML reports up: names what failed or was skipped and why, then one closing line."""
import sys
import xml.etree.ElementTree as xml


def main(reports):
    passed = failed = skipped = 0
    for report in sorted(reports):
        for case in xml.parse(report).getroot().iter("testcase"):
            name = f"{case.get('classname').rsplit('.', 1)[-1]}.{case.get('name')}"
            broken = case.find("failure") if case.find("failure") is not None else case.find("error")
            skip = case.find("skipped")
            if broken is not None:
                failed += 1
                print(f"FAILED  {name}: {(broken.get('message') or '').strip().splitlines()[:1]}")
            elif skip is not None:
                skipped += 1
                reason = skip.get("message") or (skip.text or "").strip() or "no reason given"
                print(f"skipped {name}: {reason.strip().splitlines()[0].split('Assumption failed: ')[-1]}")
            else:
                passed += 1
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not passed else 0


sys.exit(main(sys.argv[1:]))
