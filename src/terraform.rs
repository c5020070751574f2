//! A plan of Terraform or `OpenTofu`, as `terraform show -json PLAN` writes it, read as what it would do to permission sets
//! and assignments. What the plan does not tell before it is carried out is said, and never guessed.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::evidence::Proposed;

mod changes;
mod references;
#[cfg(test)]
mod tests;
mod values;

/// The largest plan that is read: a hundred times one of ten thousand assignments.
pub const LONGEST: u64 = 512 << 20;

/// Why a file is no plan.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// It is Terraform's own file, and not yet JSON.
    #[error("it is a plan as Terraform keeps it, and not JSON")]
    Binary,
    /// It is a state.
    #[error("it is a state, and not a plan")]
    State,
    /// It is something else.
    #[error("it is not what terraform show -json writes: {0}")]
    Other(String),
    /// Its format is another.
    #[error("its format_version is {found}, and this idc reads 1.x")]
    OtherFormat {
        /// What it says.
        found: String,
    },
}

/// The file. What is not named here is passed over, as its format asks.
#[derive(Deserialize)]
struct File {
    format_version: Option<String>,
    resource_changes: Option<Vec<Resource>>,
    configuration: Option<Configuration>,
    #[serde(default)]
    deferred_changes: Vec<Value>,
    errored: Option<bool>,
    complete: Option<bool>,
    /// Those of a state.
    values: Option<Value>,
}

/// What becomes of a resource.
#[derive(Deserialize)]
struct Resource {
    address: String,
    module_address: Option<String>,
    #[serde(default)]
    mode: String,
    r#type: String,
    name: String,
    index: Option<Value>,
    /// What a create-before-destroy left behind: it is only ever deleted.
    deposed: Option<String>,
    change: Change,
}

#[derive(Deserialize)]
struct Change {
    actions: Vec<String>,
    before: Option<Value>,
    after: Option<Value>,
    after_unknown: Option<Value>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Configuration {
    root_module: Module,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Module {
    resources: Vec<Configured>,
    #[serde(rename = "module_calls")]
    calls: BTreeMap<String, ModuleCall>,
    outputs: BTreeMap<String, Output>,
}

/// A resource as it is written in the configuration.
#[derive(Deserialize)]
struct Configured {
    #[serde(default)]
    mode: String,
    r#type: String,
    name: String,
    #[serde(default)]
    expressions: Map<String, Value>,
    for_each_expression: Option<Value>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct ModuleCall {
    expressions: Map<String, Value>,
    for_each_expression: Option<Value>,
    module: Module,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Output {
    expression: Value,
}

/// Reads a plan.
pub fn read(bytes: &[u8]) -> Result<Proposed, PlanError> {
    // A plan as Terraform keeps it is a ZIP archive.
    if bytes.starts_with(b"PK") {
        return Err(PlanError::Binary);
    }
    // A shell of Windows writes a byte order mark.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = str::from_utf8(bytes).map_err(|error| PlanError::Other(error.to_string()))?;
    let file: File = serde_json::from_str(text).map_err(|error| PlanError::Other(error.to_string()))?;
    let Some(found) = &file.format_version else {
        return Err(PlanError::Other("it has no format_version".to_owned()));
    };
    // A later minor version only adds; another major version may mean anything.
    if found.split('.').next() != Some("1") {
        return Err(PlanError::OtherFormat { found: found.clone() });
    }
    if file.resource_changes.is_none() && file.values.is_some() {
        return Err(PlanError::State);
    }
    if file.resource_changes.is_none() && file.configuration.is_none() {
        return Err(PlanError::Other("it has no resource_changes".to_owned()));
    }
    Ok(changes::proposed(&file))
}

impl Change {
    fn does(&self, action: &str) -> bool {
        self.actions.iter().any(|one| one == action)
    }

    /// Whether something is there before that is not any more, or is another.
    fn ends(&self) -> bool {
        self.does("delete") || self.does("update")
    }

    /// Whether something is there after that was not, or was another.
    fn begins(&self) -> bool {
        self.does("create") || self.does("update")
    }
}
