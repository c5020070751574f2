//! The tables: the log, which is the truth, and those that are made from it for people.

use rusqlite::{Connection, params};

use super::{Kept, StoreError};
use crate::evidence::{Answer, Boundary, Version};

/// What the file says of itself.
pub(super) const META: &str = "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT";

/// The log. An answer is JSON, as text or, where it is long, compressed; then `size` is its length in bytes, and
/// `sqlar_uncompress(answer, size)` of the sqlite3 shell tells it.
pub(super) const LOG: &str = "
CREATE TABLE fact (
    id INTEGER PRIMARY KEY,
    question TEXT NOT NULL UNIQUE,
    call TEXT NOT NULL,
    account TEXT,
    region TEXT,
    state TEXT NOT NULL,
    code TEXT,
    message TEXT,
    request_id TEXT,
    at TEXT,
    answer ANY NOT NULL,
    size INTEGER
) STRICT";

/// The log of a file of the first form, in which every answer is text, gives way to one of this form…
pub(super) const SET_ASIDE: &str = "ALTER TABLE fact RENAME TO older";
/// … which takes over what is in it.
pub(super) const TAKE_OVER: &str = "INSERT INTO fact SELECT *, NULL FROM older; DROP TABLE older";

/// Writes an answer.
pub(super) const KEEP: &str = "
INSERT INTO fact (question, call, account, region, state, code, message, request_id, at, answer, size)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
ON CONFLICT (question) DO UPDATE SET
    call = excluded.call, account = excluded.account, region = excluded.region, state = excluded.state,
    code = excluded.code, message = excluded.message, request_id = excluded.request_id, at = excluded.at,
    answer = excluded.answer, size = excluded.size";

/// What people query. Absence means \"none\" only where `unread` does not name the question.
const FOR_PEOPLE: &str = "
DROP VIEW IF EXISTS access; DROP VIEW IF EXISTS unread; DROP VIEW IF EXISTS coverage;
DROP TABLE IF EXISTS account; DROP TABLE IF EXISTS permission_set; DROP TABLE IF EXISTS policy_reference;
DROP TABLE IF EXISTS user; DROP TABLE IF EXISTS \"group\"; DROP TABLE IF EXISTS membership;
DROP TABLE IF EXISTS provisioned; DROP TABLE IF EXISTS assignment; DROP TABLE IF EXISTS entitlement;
DROP TABLE IF EXISTS role; DROP TABLE IF EXISTS customer_policy; DROP TABLE IF EXISTS finding;
DROP TABLE IF EXISTS finding_account; DROP TABLE IF EXISTS trust_policy;
CREATE TABLE account (id TEXT PRIMARY KEY, name TEXT, state TEXT, joined TEXT, path TEXT) STRICT;
CREATE TABLE permission_set (arn TEXT PRIMARY KEY, name TEXT, inline_policy TEXT) STRICT;
CREATE TABLE policy_reference (permission_set_arn TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, path TEXT) STRICT;
CREATE TABLE user (id TEXT PRIMARY KEY, user_name TEXT, display_name TEXT, email TEXT, status TEXT, source TEXT, created TEXT, department TEXT, manager TEXT) STRICT;
CREATE TABLE \"group\" (id TEXT PRIMARY KEY, name TEXT, source TEXT, created TEXT) STRICT;
CREATE TABLE membership (group_id TEXT NOT NULL, user_id TEXT NOT NULL, created TEXT, PRIMARY KEY (group_id, user_id)) STRICT, WITHOUT ROWID;
CREATE TABLE provisioned (account_id TEXT NOT NULL, permission_set_arn TEXT NOT NULL, version TEXT NOT NULL) STRICT;
CREATE TABLE assignment (account_id TEXT NOT NULL, permission_set_arn TEXT NOT NULL, principal_type TEXT NOT NULL, principal_id TEXT NOT NULL) STRICT;
CREATE TABLE entitlement (account_id TEXT NOT NULL, role_arn TEXT NOT NULL, principal_type TEXT NOT NULL, principal_id TEXT NOT NULL) STRICT;
CREATE TABLE trust_policy (id INTEGER PRIMARY KEY, document TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE role (account_id TEXT NOT NULL, arn TEXT NOT NULL, name TEXT NOT NULL, created TEXT, trust_policy_id INTEGER, last_used TEXT) STRICT;
CREATE INDEX role_name ON role (account_id, name);
CREATE TABLE customer_policy (account_id TEXT NOT NULL, arn TEXT NOT NULL, name TEXT NOT NULL, path TEXT NOT NULL) STRICT;
CREATE TABLE finding (id INTEGER PRIMARY KEY, rule TEXT NOT NULL, effect TEXT NOT NULL, confidence TEXT NOT NULL, message TEXT NOT NULL, permission_set_arn TEXT, people INTEGER) STRICT;
CREATE TABLE finding_account (finding_id INTEGER NOT NULL, account_id TEXT NOT NULL) STRICT;
CREATE VIEW access AS
    SELECT a.account_id, c.name AS account_name, a.permission_set_arn, p.name AS permission_set,
           u.id AS user_id, u.user_name, u.status, a.principal_type AS via, a.principal_id AS via_id,
           CASE a.principal_type WHEN 'GROUP' THEN g.name END AS via_group
    FROM assignment a
    LEFT JOIN account c ON c.id = a.account_id
    LEFT JOIN permission_set p ON p.arn = a.permission_set_arn
    LEFT JOIN \"group\" g ON a.principal_type = 'GROUP' AND g.id = a.principal_id
    LEFT JOIN membership m ON a.principal_type = 'GROUP' AND m.group_id = a.principal_id
    LEFT JOIN user u ON u.id = CASE a.principal_type WHEN 'USER' THEN a.principal_id ELSE m.user_id END;
CREATE VIEW unread AS
    SELECT call, account, state AS reason, code, message, count(*) AS questions
    FROM fact WHERE state <> 'known' GROUP BY call, account, state, code, message;
CREATE VIEW coverage AS
    SELECT call, count(*) AS asked, sum(state = 'known') AS answered FROM fact GROUP BY call;
";

const INDEXES: &str = "
CREATE INDEX membership_user ON membership (user_id);
CREATE INDEX assignment_account ON assignment (account_id);
CREATE INDEX assignment_principal ON assignment (principal_id);
CREATE INDEX provisioned_account ON provisioned (account_id);
CREATE INDEX user_name ON user (user_name);
CREATE INDEX customer_policy_name ON customer_policy (name);
";

/// A finding, as a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The rule's id.
    pub rule: String,
    /// `blocks` or `degrades`.
    pub effect: String,
    /// `confirmed` or `likely`.
    pub confidence: String,
    /// What is wrong.
    pub message: String,
    /// The permission set's ARN, where it is about one.
    pub permission_set_arn: Option<String>,
    /// How many people it touches, where they could be counted.
    pub people: Option<i64>,
    /// The accounts, by id.
    pub accounts: Vec<String>,
}

/// Makes the tables for people.
pub(super) fn make(connection: &Connection, kept: &Kept, findings: &[Row]) -> Result<(), StoreError> {
    let transaction = connection.unchecked_transaction()?;
    transaction.execute_batch(FOR_PEOPLE)?;
    for answer in &kept.answers {
        fill(&transaction, answer)?;
    }
    for (id, row) in (1_i64..).zip(findings) {
        transaction.prepare_cached("INSERT INTO finding VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?.execute(params![
            id,
            row.rule,
            row.effect,
            row.confidence,
            row.message,
            row.permission_set_arn,
            row.people
        ])?;
        for account in &row.accounts {
            transaction.prepare_cached("INSERT INTO finding_account VALUES (?1, ?2)")?.execute(params![id, account])?;
        }
    }
    transaction.execute_batch(INDEXES)?;
    transaction.commit()?;
    Ok(())
}

/// Where somebody comes from.
fn source(issuers: &[String]) -> &'static str {
    if issuers.is_empty() { "local" } else { "scim" }
}

/// The rows of one answer.
fn fill(db: &Connection, answer: &Answer) -> Result<(), StoreError> {
    let time = |at: &Option<jiff::Timestamp>| at.map(|at| at.to_string());
    match answer {
        Answer::Accounts(fact) => {
            for one in fact.known().into_iter().flatten() {
                let account = params![one.id, one.name, one.state, time(&one.joined), one.path];
                db.prepare_cached("INSERT OR REPLACE INTO account VALUES (?1, ?2, ?3, ?4, ?5)")?.execute(account)?;
            }
        }
        Answer::Account(_, fact) => {
            if let Ok(Some(one)) = fact.known() {
                let account = params![one.id, one.name, one.state, time(&one.joined), one.path];
                db.prepare_cached("INSERT OR REPLACE INTO account VALUES (?1, ?2, ?3, ?4, ?5)")?.execute(account)?;
            }
        }
        Answer::PermissionSet(arn, fact) => {
            let name = fact.known().ok().and_then(Option::as_ref).map(|set| set.name.as_str());
            let put = "INSERT INTO permission_set (arn, name) VALUES (?1, ?2) ON CONFLICT (arn) DO UPDATE SET name = excluded.name";
            db.prepare_cached(put)?.execute(params![arn, name])?;
        }
        Answer::Inline(arn, fact) => {
            let text = fact.known().ok().and_then(Option::as_deref);
            let put = "INSERT INTO permission_set (arn, inline_policy) VALUES (?1, ?2) ON CONFLICT (arn) DO UPDATE SET inline_policy = excluded.inline_policy";
            db.prepare_cached(put)?.execute(params![arn, text])?;
        }
        Answer::AwsManaged(arn, fact) => {
            for policy in fact.known().into_iter().flatten() {
                reference(db, arn, "aws-managed", policy, None)?;
            }
        }
        Answer::CustomerManaged(arn, fact) => {
            for policy in fact.known().into_iter().flatten() {
                reference(db, arn, "customer-managed", &policy.name, Some(&policy.path))?;
            }
        }
        Answer::Boundary(arn, fact) => match fact.known() {
            Ok(Some(Boundary::CustomerManaged(policy))) => {
                reference(db, arn, "boundary", &policy.name, Some(&policy.path))?;
            }
            Ok(Some(Boundary::AwsManaged(policy))) => reference(db, arn, "boundary", policy, None)?,
            Ok(None) | Err(_) => {}
        },
        Answer::AccountsOf(arn, version, fact) => {
            for account in fact.known().into_iter().flatten() {
                provisioned(db, account, arn, *version)?;
            }
        }
        Answer::SetsOf(account, version, fact) => {
            for arn in fact.known().into_iter().flatten() {
                provisioned(db, account, arn, *version)?;
            }
        }
        Answer::Assignments(account, arn, fact) => {
            for row in fact.known().into_iter().flatten() {
                let row = params![account, arn, row.principal.kind.as_str(), row.principal.id];
                db.prepare_cached("INSERT INTO assignment VALUES (?1, ?2, ?3, ?4)")?.execute(row)?;
            }
        }
        other => fill_people(db, other)?,
    }
    Ok(())
}

/// The rows of answers about people, and of accounts from inside.
fn fill_people(db: &Connection, answer: &Answer) -> Result<(), StoreError> {
    let time = |at: &Option<jiff::Timestamp>| at.map(|at| at.to_string());
    match answer {
        Answer::People(fact) => fact.known().into_iter().flatten().try_for_each(|one| user(db, one))?,
        Answer::User(_, fact) | Answer::Person(_, fact) => {
            fact.known().ok().and_then(Option::as_ref).into_iter().try_for_each(|one| user(db, one))?;
        }
        Answer::Groups(fact) => fact.known().into_iter().flatten().try_for_each(|one| group(db, one))?,
        Answer::Group(_, fact) => {
            fact.known().ok().and_then(Option::as_ref).into_iter().try_for_each(|one| group(db, one))?;
        }
        Answer::Members(id, fact) => {
            for member in fact.known().into_iter().flatten() {
                let put = "INSERT OR REPLACE INTO membership VALUES (?1, ?2, ?3)";
                db.prepare_cached(put)?.execute(params![id, member.user_id, time(&member.created)])?;
            }
        }
        Answer::Entitlements(_, _, fact) | Answer::EntitlementsOf(_, _, fact) => {
            for row in fact.known().into_iter().flatten() {
                let row = params![row.account, row.role_arn, row.principal.kind.as_str(), row.principal.id];
                db.prepare_cached("INSERT INTO entitlement VALUES (?1, ?2, ?3, ?4)")?.execute(row)?;
            }
        }
        Answer::RolesIn(account, fact) => {
            for role in fact.known().into_iter().flatten() {
                let document = role.trust_policy.as_deref();
                if document.is_some() {
                    let once = "INSERT OR IGNORE INTO trust_policy (document) VALUES (?1)";
                    db.prepare_cached(once)?.execute([document])?;
                }
                let row = params![account, role.arn, role.name, time(&role.created), document];
                let put = "INSERT INTO role (account_id, arn, name, created, trust_policy_id)
                    VALUES (?1, ?2, ?3, ?4, (SELECT id FROM trust_policy WHERE document = ?5))";
                db.prepare_cached(put)?.execute(row)?;
            }
        }
        Answer::LastUsed(account, name, fact) => {
            if let Ok(Some(used)) = fact.known() {
                let put = "UPDATE role SET last_used = ?3 WHERE account_id = ?1 AND name = ?2";
                db.prepare_cached(put)?.execute(params![account, name, time(&used.at)])?;
            }
        }
        Answer::PoliciesIn(account, fact) => {
            for policy in fact.known().into_iter().flatten() {
                let row = params![account, policy.arn, policy.name, policy.path];
                db.prepare_cached("INSERT INTO customer_policy VALUES (?1, ?2, ?3, ?4)")?.execute(row)?;
            }
        }
        _ => {}
    }
    Ok(())
}

fn reference(db: &Connection, arn: &str, kind: &str, name: &str, path: Option<&str>) -> Result<(), StoreError> {
    db.prepare_cached("INSERT INTO policy_reference VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![arn, kind, name, path])?;
    Ok(())
}

fn provisioned(db: &Connection, account: &str, arn: &str, version: Version) -> Result<(), StoreError> {
    let version = match version {
        Version::Latest => "latest",
        Version::Outdated => "outdated",
    };
    db.prepare_cached("INSERT INTO provisioned VALUES (?1, ?2, ?3)")?.execute(params![account, arn, version])?;
    Ok(())
}

fn user(db: &Connection, one: &crate::evidence::User) -> Result<(), StoreError> {
    let row = params![
        one.id,
        one.user_name,
        one.display_name,
        one.emails.first(),
        one.status,
        source(&one.external_issuers),
        one.created.map(|at| at.to_string()),
        one.attributes.get("enterprise.department"),
        one.attributes.get("enterprise.manager.value")
    ];
    db.prepare_cached("INSERT OR REPLACE INTO user VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?.execute(row)?;
    Ok(())
}

fn group(db: &Connection, one: &crate::evidence::Group) -> Result<(), StoreError> {
    let row = params![one.id, one.name, source(&one.external_issuers), one.created.map(|at| at.to_string())];
    db.prepare_cached("INSERT OR REPLACE INTO \"group\" VALUES (?1, ?2, ?3, ?4)")?.execute(row)?;
    Ok(())
}
