//! What may become of an answer when something goes wrong on the way to it: it stays, or the program says that it cannot
//! tell. It never becomes another one.

use serde_json::Value;

use crate::wire::run::Answer;

/// An answer with nothing in it that differs from one run to the next over the same organization.
pub(crate) fn lasting(answer: &Answer) -> Result<Value, String> {
    let mut json = answer.json()?;
    strip(&mut json);
    Ok(json)
}

fn strip(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for name in ["at", "calls", "collected_at", "event_id", "request_id"] {
                members.remove(name);
            }
            members.values_mut().for_each(strip);
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        Value::String(text) => *text = without_times(text),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// What is told with the times of day left out: what happened two hours ago happened a minute later in the next run.
fn without_times(text: &str) -> String {
    let is_time = |word: &str| {
        word.split_once(':').is_some_and(|parts| {
            let is_number = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
            is_number(parts.0) && is_number(parts.1)
        })
    };
    text.split(' ').map(|word| if is_time(word) { "HH:MM" } else { word }).collect::<Vec<_>>().join(" ")
}

/// `Ok` where the answer is the untouched one in substance, or none. Where it is none, some gap names `action` if one is
/// given, unless the whole program could not run.
pub(crate) fn same_or_none(untouched: &Answer, answer: &Answer, action: Option<&str>) -> Result<(), String> {
    if answer.code == 1 {
        return could_not_run(answer);
    }
    let (before, now) = (untouched.json()?, answer.json()?);
    let complain = |complaint: &str| {
        Err(format!("{complaint}: was {} by {}\n{}", before["verdict"], before["root_cause"]["rule"], answer.brief()))
    };
    let gaps: Vec<&str> = now["gaps"].as_array().into_iter().flatten().filter_map(|gap| gap["call"].as_str()).collect();
    if now["verdict"] == "inconclusive" && before["verdict"] != "inconclusive" {
        return match action {
            Some(action) if !gaps.contains(&action) => complain("no gap names the action"),
            _ if gaps.is_empty() => complain("no gap says why"),
            _ => Ok(()),
        };
    }
    let root = |answer: &Value| answer["root_cause"]["rule"].clone();
    // CloudTrail only corroborates: without it the answer is the one that the state of things gives.
    let rests_on_events = root(&before) == "assume-role-failed" || root(&before) == "sign-in-failed";
    if rests_on_events && gaps.contains(&"cloudtrail:LookupEvents") {
        return Ok(());
    }
    if before["verdict"] == "degraded" && now["verdict"] == "reachable" && now["complete"] == false {
        return match action {
            Some(action) if !gaps.contains(&action) => complain("no gap names the action"),
            _ => Ok(()),
        };
    }
    if now["verdict"] != before["verdict"] {
        return complain("the verdict is another");
    }
    if root(&now) != root(&before) && now["root_cause"]["confidence"] == "confirmed" {
        return complain("the cause is another, and confirmed");
    }
    Ok(())
}

/// `Ok` where the program ended without an answer and said why, with a word on what to do, to people and to scripts.
pub(crate) fn could_not_run(answer: &Answer) -> Result<(), String> {
    let said = answer.stderr.strip_prefix("error: ").is_some_and(|text| text.trim().lines().count() >= 2);
    let told = answer.error().is_some_and(|error| {
        let says = |part: &str| error[part].as_str().is_some_and(|text| !text.is_empty());
        says("code") && says("message") && says("hint")
    });
    if answer.code == 1 && told && said {
        Ok(())
    } else {
        Err(format!("should end with exit code 1 and a hint, is {}", answer.brief()))
    }
}
