//! No secret leaves the program: not in the answer, not in what it says meanwhile, not in a recording.

use std::fs;

use percent_encoding::percent_decode_str;

use crate::wire::scenarios;
use served::{CallRecord, MANAGEMENT_KEY};
use served::{hex, unique};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const TOKEN: &str = "IQoJb3JpZ2luX2VjEXAMPLETOKENQoJb3JpZ2luX2Vj";

/// A field of a form that was sent.
fn field(call: &CallRecord, name: &str) -> String {
    let pair = call.body.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    percent_decode_str(&pair.unwrap_or_default().replace('+', " ")).decode_utf8_lossy().into_owned()
}

#[test]
fn stay_inside() {
    let case = scenarios::named("customer-managed-policy-missing");
    for options in [&[][..], &["-v"], &["-vv"], &["-q"], &["-o", "json"], &["-o", "markdown", "-v"]] {
        let served = case.serve();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("recording.json");
        let own = [("AWS_SECRET_ACCESS_KEY", SECRET), ("AWS_SESSION_TOKEN", TOKEN), ("IDC_LOG", "1")];
        let own = own.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let answer = case.question(&served).environment(own).recording(&file).with(options).ask_plainly();
        assert_eq!(answer.code, 10, "{}", answer.brief());

        let assumed = served.calls().into_iter().find(|call| call.action == "sts:AssumeRole").unwrap();
        let [role, name, policy] = ["RoleArn", "RoleSessionName", "Policy"].map(|name| field(&assumed, name));
        let key = unique("ASIA", &[&role, &name, &policy]);
        let session = [hex(&["secret", &key]), hex(&["token", &role, &name, &policy]), key];
        let caller = [SECRET, TOKEN, MANAGEMENT_KEY].map(str::to_owned);
        let recording = fs::read_to_string(&file).unwrap();
        for secret in caller.into_iter().chain(session) {
            for (place, text) in [("stdout", &answer.stdout), ("stderr", &answer.stderr), ("the recording", &recording)]
            {
                assert!(!text.contains(&secret), "{secret} is in {place} with {options:?}");
            }
        }
        // Nor those of others: CloudTrail's events hold the keys that were given out.
        assert!(!recording.contains("ASIA"), "a key of somebody's is in the recording");
    }
}
