"""The page of a scan in a real browser: opened from a file, with scripts and without, searched, clicked and printed.

    tests/page/run.py --idc target/debug/idc --serve target/debug/examples/serve [--keep FOLDER]

Serves an organization whose names are hostile, has idc make the page of it, and drives Chromium over a pipe by the DevTools
protocol: nothing but Python's own library is needed. With --keep the pictures and the PDF stay, to be looked at.
"""

import argparse
import base64
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse

NAMES = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]
MARKUP = "</td></script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
FORMULA = "=HYPERLINK(1)"


class Browser:
    """Chromium, spoken to over a pipe."""

    def __init__(self, profile):
        program = next((found for found in map(shutil.which, NAMES) if found), None)
        if program is None:
            sys.exit("Chromium is missing; install it (Debian: chromium-headless-shell) and run this again")
        to_read, self.to = os.pipe()
        self.out, from_write = os.pipe()

        def hand_over():
            # What goes to 3 must not be overwritten by what goes to 4.
            one, two = os.dup(to_read), os.dup(from_write)
            os.dup2(one, 3)
            os.dup2(two, 4)

        options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-pipe"]
        self.process = subprocess.Popen(
            [program, *options, f"--user-data-dir={profile}", "about:blank"],
            preexec_fn=hand_over, pass_fds=(3, 4), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        os.close(to_read)
        os.close(from_write)
        self.buffer, self.last, self.events = b"", 0, []

    def message(self):
        while b"\0" not in self.buffer:
            more = os.read(self.out, 1 << 20)
            if not more:
                sys.exit("Chromium ended")
            self.buffer += more
        text, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(text)

    def ask(self, method, session=None, **params):
        self.last += 1
        asked = {"id": self.last, "method": method, "params": params}
        if session:
            asked["sessionId"] = session
        os.write(self.to, json.dumps(asked).encode() + b"\0")
        while True:
            said = self.message()
            if said.get("id") == self.last:
                if "error" in said:
                    sys.exit(f"{method}: {said['error']}")
                return said["result"]
            self.events.append(said)

    def close(self):
        os.close(self.to)
        self.process.wait(timeout=30)


class Page:
    """One tab."""

    def __init__(self, browser, scripts=True, dark=False, width=1100):
        self.browser = browser
        target = browser.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ["Page", "Runtime", "Network", "Log"]:
            self.ask(f"{domain}.enable")
        self.ask("Emulation.setScriptExecutionDisabled", value=not scripts)
        self.ask("Emulation.setFocusEmulationEnabled", enabled=True)
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)

    def ask(self, method, **params):
        return self.browser.ask(method, session=self.session, **params)

    def open(self, address):
        self.browser.events.clear()
        self.ask("Page.navigate", url=address)
        self.until(lambda: any(event.get("method") == "Page.loadEventFired" for event in self.pump()), "the page is loaded")

    def pump(self):
        # Events come with answers.
        self.ask("Page.getFrameTree")
        return self.browser.events

    def value(self, expression):
        result = self.ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            sys.exit(f"{expression}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def until(self, what, name):
        end = time.monotonic() + 20
        while time.monotonic() < end:
            if what():
                return
            time.sleep(0.05)
        sys.exit(f"after 20 seconds it is still not so that {name}")

    def picture(self, file):
        shot = self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        file.write_bytes(base64.b64decode(shot["data"]))

    def pdf(self, file):
        printed = self.ask("Page.printToPDF", printBackground=False)
        file.write_bytes(base64.b64decode(printed["data"]))

    def requests(self):
        sent = [event for event in self.browser.events if event.get("method") == "Network.requestWillBeSent"]
        return [event["params"]["request"]["url"] for event in sent]

    def complaints(self):
        kinds = ("Runtime.exceptionThrown", "Log.entryAdded")
        return [event["params"] for event in self.browser.events if event.get("method") in kinds]


def hold(condition, what):
    if not condition:
        sys.exit(f"FAILED: {what}")
    print(f"ok: {what}")


def hostile(serve, folder):
    """An organization with names that others chose, and something wrong in it."""
    organization = json.loads(subprocess.run([serve, "--print"], check=True, capture_output=True, text=True).stdout)
    users, groups = organization["users"], organization["groups"]
    jane = next(user for user in users if user["user_name"] == "jane.doe")
    jane["display_name"] = MARKUP
    other = next(user for user in users if user["user_name"] == "olga.petrova")
    other["user_name"] = FORMULA
    groups[0]["display_name"] = MARKUP
    for one in organization["permission_sets"]:
        if one["name"] == "RedshiftAnalyst":
            one["customer_managed_policies"].append({"name": "team-data-access", "path": "/"})
    file = folder / "organization.json"
    file.write_text(json.dumps(organization))
    return file


def made(idc, serve, folder):
    """The page, and what idc says of the same organization in JSON."""
    server = subprocess.Popen([serve, str(hostile(serve, folder)), "--port", "0"], stdout=subprocess.PIPE, text=True)
    try:
        endpoint = server.stdout.readline().split()[-1]
        environment = {
            "PATH": os.environ["PATH"], "AWS_ENDPOINT_URL": endpoint, "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "AKIAMANAGEMENT000001", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull, "NO_PROXY": "127.0.0.1",
        }

        def ask(*words):
            words = [idc, *words, "--target-role", "IdcReadOnly"]
            return subprocess.run(words, env=environment, capture_output=True, text=True, timeout=120)

        page = folder / "scan.html"
        scan = ask("scan", "--full", "-o", f"html={page}", "-o", "json")
        answers = {"scan": json.loads(scan.stdout)}
        for account in ["prod-data", "dev-data"]:
            answers[account] = json.loads(ask("who", account, "-o", "json").stdout)
        for user in ["jane.doe", "sam.lee"]:
            answers[user] = json.loads(ask("access", user, "-o", "json").stdout)
        return page, answers
    finally:
        server.kill()


ROWS = """[...document.querySelectorAll('#table tbody tr')].map(row => [...row.children].map(cell => cell.textContent))"""


def enters(state):
    """Who and access ask less than a scan: what lets people in to less is open to them."""
    return "open" if state == "degraded" else state


def rows_of(page, view, name):
    page.until(lambda: page.value(f"document.querySelector('#views a[aria-current]')?.hash") == f"#view={view}", f"{view} is shown")
    page.until(lambda: page.value("document.querySelectorAll('#table tbody tr').length") > 0, f"{name} has rows")
    return page.value(ROWS)


def tests(browser, path, answers, keep):
    address = path.as_uri()
    page = Page(browser)
    page.open(address)
    page.until(lambda: page.value("!document.getElementById('tool').hidden"), "the script has run")
    hold(page.requests() == [address], "nothing but the page itself is asked for")
    hold(not page.complaints(), f"the browser has nothing to complain of: {page.complaints()}")
    hold("owned" not in page.value("document.title"), "names are text, and never markup")
    hold(page.value("document.querySelectorAll('img, iframe, object, embed, link').length") == 0, "there is nothing that names could add")
    blocked = page.value("(async () => { try { await fetch('https://example.com/'); return false } catch { return true } })()")
    hold(blocked, "the page may ask nobody for anything")
    hold(page.value("(() => { const s = document.createElement('script'); s.textContent = 'window.owned = 1'; document.body.append(s); return window.owned === undefined })()"), "no other script runs")
    page.browser.events.clear()

    # Search, go by the keyboard, and compare with what idc who says.
    for account in ["prod-data", "dev-data"]:
        page.value("location.hash = '#view=who'")
        page.until(lambda: page.value("document.querySelectorAll('#found a').length") > 1, "accounts are offered")
        page.value("document.getElementById('text').focus(); document.getElementById('text').select()")
        page.ask("Input.insertText", text=account)
        page.until(lambda: (page.value("document.querySelector('#found a')?.textContent") or "").startswith(f"{account} ("), f"{account} is found")
        for kind in ["keyDown", "keyUp"]:
            page.ask("Input.dispatchKeyEvent", type=kind, key="Enter", code="Enter", windowsVirtualKeyCode=13, text="\r")
        told = rows_of(page, "who", account)
        answer = answers[account]
        said = sorted((row["user_name"] or "not known", row["permission_set"], enters(row["state"])) for row in answer["access"])
        shown = sorted((row[0], row[3], enters(row[5])) for row in told if row[0] != "nobody")
        hold(shown == said, f"the page tells who gets into {account} as idc who does ({len(said)} ways)")
        hold(answer["account"]["id"] in urllib.parse.unquote(page.value("location.hash")), "what is looked at stands in the address")
    for user in ["jane.doe", "sam.lee"]:
        answer = answers[user]
        page.value(f"location.hash = '#view=access&id={user}'")
        page.until(lambda: (page.value("document.querySelector('#table caption')?.textContent") or "").startswith(f"Where {user}"), f"{user} is shown")
        said = sorted((row["account_id"], row["permission_set"], enters(row["state"])) for row in answer["access"])
        shown = sorted((row[1], row[2], enters(row[4])) for row in page.value(ROWS))
        hold(shown == said, f"the page tells where {user} gets in as idc access does ({len(said)} ways)")
    page.picture(keep / "access.png")
    hold(page.value("[...document.querySelectorAll('#table th')].every(head => head.scope) && !!document.querySelector('#table caption')"), "tables have captions and scopes")

    opened = page.value("""(async () => { document.querySelector('a[href^="#explain-"]').click(); await new Promise(done => setTimeout(done, 200));
        return document.querySelector(location.hash).closest('details').open })()""")
    hold(opened, "what a rule means opens where it is asked for")
    page.value("location.hash = '#view=access&id=jane.doe'")

    # The matrix, and the address as a way back.
    page.value("document.querySelector('#views a[href=\"#view=matrix\"]').click()")
    broken = rows_of(page, "matrix", "the matrix")
    page.value("document.getElementById('all').click()")
    page.until(lambda: len(page.value(ROWS)) > len(broken), "what is open is shown too")
    page.picture(keep / "matrix.png")
    page.value("history.back()")
    page.until(lambda: (page.value("document.querySelector('#table caption')?.textContent") or "").startswith("Where"), "back leads back")
    csv = page.value("""(async () => { const made = URL.createObjectURL; let kept; URL.createObjectURL = (blob) => { kept = blob; return made(blob) };
        location.hash = '#view=who&id=%s'; await new Promise(done => setTimeout(done, 200)); document.getElementById('save').click(); return kept.text() })()""" % answers["prod-data"]["account"]["id"])
    hold(csv.startswith('"User","Name"') and not re.search(r'(^|,)"\s*[=+@-]', csv, re.M), "it saves a table without formulas")
    hold(not page.complaints(), f"the browser has still nothing to complain of: {page.complaints()}")

    for dark in [False, True]:
        look = Page(browser, dark=dark)
        look.open(address)
        look.until(lambda: look.value("!document.getElementById('tool').hidden"), "the script has run")
        look.picture(keep / ("dark.png" if dark else "light.png"))
        ground = look.value("getComputedStyle(document.body).backgroundColor")
        hold((ground == "rgb(13, 17, 23)") == dark, f"{'dark' if dark else 'light'} where that is wanted")
    narrow = Page(browser, width=390)
    narrow.open(address)
    hold(narrow.value("document.documentElement.scrollWidth") <= 390, "it fits a telephone")
    narrow.picture(keep / "narrow.png")
    look.pdf(keep / "scan.pdf")
    pdf = (keep / "scan.pdf").read_bytes()
    hold(pdf.startswith(b"%PDF") and len(re.findall(rb"/Type\s*/Page\b", pdf)) >= 2, "it prints")

    # Without scripts all but the last part is there.
    plain = Page(browser, scripts=False)
    plain.open(address)
    text = plain.ask("DOM.getDocument") and plain.ask("DOM.getOuterHTML", nodeId=plain.ask("DOM.getDocument")["root"]["nodeId"])["outerHTML"]
    scan = answers["scan"]
    hold(all(finding["rule"] in text for finding in scan["findings"]), f"without scripts all {len(scan['findings'])} findings are there")
    hold(all(account["id"] in text for account in scan["accounts"]), f"and all {len(scan['accounts'])} accounts")
    hold("This part needs scripts" in text, "and what is missing is said")
    plain.picture(keep / "plain.png")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--idc", required=True)
    parser.add_argument("--serve", required=True)
    parser.add_argument("--keep")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        keep = pathlib.Path(given.keep) if given.keep else folder
        keep.mkdir(parents=True, exist_ok=True)
        page, answers = made(str(pathlib.Path(given.idc).resolve()), str(pathlib.Path(given.serve).resolve()), folder)
        if given.keep:
            shutil.copy(page, keep)
        browser = Browser(folder / "profile")
        try:
            tests(browser, page, answers, keep)
        finally:
            browser.close()


if __name__ == "__main__":
    main()
