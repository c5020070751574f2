//! Serves an organization on 127.0.0.1, for trying `idc` or any other AWS client against it.
//!
//! ```text
//! cargo run --example serve -- [ORGANIZATION.json | --large | --whole small|large|quotas] [--port N]
//!                              [--latency 60ms] [--page-size N] [--rates] [--writable] [--conduct CONDUCT.json] [--print]
//! ```
//!
//! Without a file the built-in organization is served, or with `--large` the same grown to 100,000 users, or with `--whole`
//! one in which `idc scan` has something to find: it is told on standard error what was planted in it, as JSON. `--print`
//! writes the organization as JSON, to start a file from. With `--writable` it can be changed by the operations that answers advise.
//! Times in a file may be told as `"2h ago"`.

#![expect(clippy::disallowed_methods, reason = "an example prints for itself")]

use std::env;
use std::error::Error;
use std::fs;
use std::io::{self, Write};

use served::{Conduct, MANAGEMENT_KEY, Organization, Planted, Served, Size};

fn main() -> Result<(), Box<dyn Error>> {
    let (mut file, mut port, mut print, mut conduct) = (None, 0, false, Conduct::default());
    let (mut latency, mut page_size, mut rates, mut large, mut writable) = (None, None, false, false, false);
    let mut whole = None;
    let mut arguments = env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value"));
        match argument.as_str() {
            "--port" => port = value()?.parse()?,
            "--latency" => latency = Some(value()?.trim_end_matches("ms").parse::<u64>()?),
            "--page-size" => page_size = Some(value()?.parse()?),
            "--conduct" => conduct = serde_json::from_str(&fs::read_to_string(value()?)?)?,
            "--rates" => rates = true,
            "--writable" => writable = true,
            "--large" => large = true,
            "--whole" => {
                whole = Some(match value()?.as_str() {
                    "small" => Size::SMALL,
                    "large" => Size::LARGE,
                    "quotas" => Size::QUOTAS,
                    other => return Err(format!("{other} is none of small, large, quotas").into()),
                });
            }
            "--print" => print = true,
            _ if argument.starts_with('-') => return Err(format!("unknown option {argument}").into()),
            _ => file = Some(argument),
        }
    }
    let organization = match (&file, whole) {
        (Some(file), _) => serde_json::from_str(&fs::read_to_string(file)?)?,
        (None, Some(size)) => {
            let (whole, planted) = Organization::whole(size);
            tell(&planted)?;
            whole
        }
        (None, None) if large => Organization::large(100_000, 2_000, 1_000, 500),
        (None, None) => Organization::acme(),
    };
    let mut out = io::stdout().lock();
    if print {
        serde_json::to_writer_pretty(&mut out, &organization)?;
        return Ok(writeln!(out)?);
    }
    conduct = latency.into_iter().fold(conduct, Conduct::with_latency);
    conduct = page_size.into_iter().fold(conduct, Conduct::with_page_size);
    conduct.rates |= rates;
    conduct.writable |= writable;
    let served = Served::start_on(port, organization, conduct)?;
    writeln!(out, "listening on {}", served.endpoint())?;
    if file.is_none() {
        for (name, value) in served.environment(MANAGEMENT_KEY, "us-east-1") {
            writeln!(out, "export {name}={value}")?;
        }
    }
    out.flush()?;
    drop(out);
    served.wait();
    Ok(())
}

/// What a scan has to find, a line of JSON each.
fn tell(planted: &[Planted]) -> io::Result<()> {
    let mut out = io::stderr().lock();
    for Planted { rule, blocks, permission_set, accounts } in planted {
        let line = serde_json::json!({
            "rule": rule, "effect": if *blocks { "blocks" } else { "degrades" },
            "permission_set": permission_set, "accounts": accounts,
        });
        writeln!(out, "{line}")?;
    }
    Ok(())
}
