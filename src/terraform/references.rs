//! What an expression of the configuration refers to. A plan tells no value that is made when it is carried out; which
//! resource it comes from stands in the references of the configuration alone, without the keys of `for_each`.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Configured, File, Module, ModuleCall, Resource};

/// How deep references are followed: modules in modules.
const DEEPEST: usize = 24;
/// How many references are followed for one value.
const MOST: usize = 4_096;

/// What an expression refers to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Origin {
    /// The addresses of the resources that the value may come from.
    pub(super) addresses: Vec<String>,
    /// Whether the plan itself tells which.
    pub(super) certain: bool,
}

/// A resource of the configuration that a value comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Found {
    modules: Vec<String>,
    name: String,
    /// The key, where the configuration has it in words.
    key: Option<String>,
    /// Keys of modules on the way, by their depth.
    keys: Vec<(usize, String)>,
}

/// One search.
struct Search<'f> {
    root: &'f Module,
    wanted: &'f str,
    found: BTreeSet<Found>,
    /// Whether what was found is picked by the key of whatever refers to it.
    by_key: bool,
    followed: usize,
}

/// The resources of a type that an attribute of a resource may have its value from: those that `may` be meant alone.
pub(super) fn origin(
    file: &File,
    resource: &Resource,
    attribute: &str,
    wanted: &str,
    may: &dyn Fn(&str) -> bool,
) -> Origin {
    let Some(configuration) = &file.configuration else { return Origin::default() };
    let own_steps = steps(resource.module_address.as_deref().unwrap_or_default());
    let modules: Vec<String> = own_steps.iter().map(|(name, _)| name.clone()).collect();
    let Some(module) = module(&configuration.root_module, &modules) else { return Origin::default() };
    let is_own =
        |one: &&Configured| one.r#type == resource.r#type && one.name == resource.name && one.mode == resource.mode;
    let Some(configured) = module.resources.iter().find(is_own) else { return Origin::default() };
    let direct = configured.expressions.get(attribute).map(references).unwrap_or_default();
    let mut search =
        Search { root: &configuration.root_module, wanted, found: BTreeSet::new(), by_key: false, followed: 0 };
    search.follow(&modules, &direct, configured.for_each_expression.as_ref(), &[], 0);
    let fits = |one: &&Resource, found: &Found| {
        let own = steps(one.module_address.as_deref().unwrap_or_default());
        one.mode == "managed"
            && one.r#type == wanted
            && one.name == found.name
            && own.iter().map(|(name, _)| name).eq(found.modules.iter())
            && found.key.as_ref().is_none_or(|key| one.index.as_ref().map(Value::to_string).as_ref() == Some(key))
            && found.keys.iter().all(|(depth, key)| own.get(*depth).and_then(|step| step.1.as_ref()) == Some(key))
    };
    let all = || file.resource_changes.iter().flatten();
    let mut instances: Vec<&Resource> =
        all().filter(|one| search.found.iter().any(|found| fits(one, found)) && may(&one.address)).collect();
    // What is in the same instance of a module is meant, and not what is in another.
    let shared = |one: &Resource| {
        let other = steps(one.module_address.as_deref().unwrap_or_default());
        other.iter().zip(&own_steps).take_while(|(a, b)| a == b).count()
    };
    let nearest = instances.iter().map(|one| shared(one)).max().unwrap_or(0);
    instances.retain(|one| shared(one) == nearest);
    let mut certain = instances.len() == 1;
    if instances.len() > 1
        && let Some(own) = keys(resource, 0).into_iter().next()
    {
        // The keys of the resource itself, or of the modules around it that are not around both.
        let has_own = |one: &&Resource| keys(one, nearest).contains(&own);
        let same: Vec<&Resource> = instances.iter().copied().filter(has_own).collect();
        if same.len() == 1 {
            instances = same;
            certain = search.by_key;
        }
    }
    Origin { addresses: instances.into_iter().map(|one| one.address.clone()).collect(), certain }
}

/// The keys of a resource and of the modules around it but for the outermost ones, from the inside out, as JSON.
fn keys(resource: &Resource, but_for: usize) -> Vec<String> {
    let steps = steps(resource.module_address.as_deref().unwrap_or_default());
    let of_modules = steps.into_iter().skip(but_for).rev().filter_map(|(_, key)| key);
    resource.index.as_ref().map(Value::to_string).into_iter().chain(of_modules).collect()
}

impl Search<'_> {
    /// Follows references out of a module; `each`: what `each.value` comes from there.
    fn follow(
        &mut self,
        modules: &[String],
        named: &[String],
        each: Option<&Value>,
        keys: &[(usize, String)],
        depth: usize,
    ) {
        if depth > DEEPEST || self.followed > MOST {
            return;
        }
        let before = self.found.len();
        let mut later = Vec::new();
        for reference in named {
            self.followed += 1;
            let parts = parts(reference);
            match &parts[..] {
                [(kind, _), (name, key), ..] if *kind == self.wanted => {
                    let (modules, name, key) = (modules.to_vec(), (*name).to_owned(), key.clone());
                    self.found.insert(Found { modules, name, key, keys: keys.to_vec() });
                }
                [(kind, _), (call, key), rest @ ..] if *kind == "module" => {
                    self.down(modules, (*call, key.as_deref()), rest.first().map(|one| one.0), keys, depth);
                }
                _ => later.push(parts),
            }
        }
        // A variable or a value of for_each beside what was found is the key that it is picked by.
        if self.found.len() > before {
            self.by_key |= named.iter().any(|one| one == "each.key" || one == "count.index");
            return;
        }
        for parts in later {
            match &parts[..] {
                [("var", _), (name, _), ..] => self.up(modules, name, keys, depth),
                [("each", _), ("value", _), ..] => {
                    if let Some(each) = each {
                        self.follow(modules, &references(each), None, keys, depth + 1);
                    }
                }
                _ => {}
            }
        }
    }

    /// Into a module that is called here: what its output comes from, or where none is named, any of them.
    fn down(
        &mut self,
        modules: &[String],
        (call, key): (&str, Option<&str>),
        output: Option<&str>,
        keys: &[(usize, String)],
        depth: usize,
    ) {
        let Some(called) = module(self.root, modules).and_then(|here| here.calls.get(call)) else { return };
        let mut keys = keys.to_vec();
        keys.extend(key.map(|key| (modules.len(), key.to_owned())));
        let inner: Vec<String> = modules.iter().cloned().chain([call.to_owned()]).collect();
        let outputs = called.module.outputs.iter().filter(|(name, _)| output.is_none_or(|output| *name == output));
        let named: Vec<String> = outputs.flat_map(|(_, output)| references(&output.expression)).collect();
        self.follow(&inner, &named, None, &keys, depth + 1);
    }

    /// Out of a module: what the variable was given.
    fn up(&mut self, modules: &[String], name: &str, keys: &[(usize, String)], depth: usize) {
        let Some((own, outer)) = modules.split_last() else { return };
        let call: Option<&ModuleCall> = module(self.root, outer).and_then(|here| here.calls.get(own));
        let Some(call) = call else { return };
        let named = call.expressions.get(name).map(references).unwrap_or_default();
        self.follow(outer, &named, call.for_each_expression.as_ref(), keys, depth + 1);
    }
}

/// The module at a path of names.
fn module<'f>(root: &'f Module, path: &[String]) -> Option<&'f Module> {
    path.iter().try_fold(root, |module, name| Some(&module.calls.get(name)?.module))
}

/// All that an expression refers to, blocks in it included. Of `a.b.c` Terraform names `a.b` too, which tells less.
fn references(expression: &Value) -> Vec<String> {
    let mut found = Vec::new();
    gather(expression, &mut found);
    let is_start = |short: &String, long: &String| {
        long.strip_prefix(short.as_str()).is_some_and(|rest| rest.starts_with(['.', '[']))
    };
    let shorter: Vec<String> =
        found.iter().filter(|one| found.iter().any(|other| is_start(one, other))).cloned().collect();
    found.retain(|one| !shorter.contains(one));
    found
}

fn gather(expression: &Value, found: &mut Vec<String>) {
    match expression {
        Value::Object(members) => {
            for (name, value) in members {
                match (name.as_str(), value) {
                    ("references", Value::Array(list)) => {
                        found.extend(list.iter().filter_map(Value::as_str).map(str::to_owned));
                    }
                    _ => gather(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| gather(item, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The steps of a module's address: names with their keys, as `module.a["x"].module.b`.
fn steps(address: &str) -> Vec<(String, Option<String>)> {
    let parts = parts(address);
    let step = |pair: &[(&str, Option<String>)]| Some((pair.get(1)?.0.to_owned(), pair.get(1)?.1.clone()));
    parts.chunks(2).filter_map(step).collect()
}

/// The parts of a reference or an address between its dots, each with its key, as JSON.
fn parts(text: &str) -> Vec<(&str, Option<String>)> {
    let (mut parts, mut start, mut depth, mut quoted, mut escaped) = (Vec::new(), 0, 0_u32, false, false);
    for (place, letter) in text.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '[' if !quoted => depth += 1,
            ']' if !quoted => depth = depth.saturating_sub(1),
            '.' if !quoted && depth == 0 => {
                parts.push(part(&text[start..place]));
                start = place + 1;
            }
            _ => {}
        }
    }
    if start < text.len() {
        parts.push(part(&text[start..]));
    }
    parts
}

fn part(text: &str) -> (&str, Option<String>) {
    let Some((name, rest)) = text.split_once('[') else { return (text, None) };
    let key = rest.trim_end().strip_suffix(']').and_then(|key| serde_json::from_str::<Value>(key).ok());
    (name, key.map(|key| key.to_string()))
}
