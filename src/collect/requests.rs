//! The asynchronous requests of Identity Center. Their lists tell neither account nor permission set: every row that
//! might matter has to be described.

use aws_sdk_ssoadmin::types as sso;
use futures_util::future::join_all;
use jiff::Timestamp;

use super::access::principal_type;
use super::ask::{Page, Place};
use super::failure::Failure;
use super::identity::{lacking, present};
use super::limiter::Urgency;
use super::reply::require_same;
use super::{Home, timestamp};
pub(crate) use crate::evidence::RequestKind as Kind;
use crate::evidence::{Call, Fact, Principal, Request, RequestLog, RequestRow, RequestStatus};

/// How many requests of one list are described at the most, newest first.
pub(crate) const DESCRIBED: usize = 100;
/// How many failed ones where the user has a way in already, and a failure could only show a second one: all, where they
/// are no more than this.
const FEW: usize = 12;
/// A large organization fails often, and hardly any of that is about this user. The newest must do there, as many as may
/// leave with the rest before the last round is over; and the answer says how many were left.
const BESIDE_ONE_SET: usize = 9;
/// What each permission set more takes of these.
const CALLS_A_SET: usize = 5;

/// How many requests that failed are described beside a way in that leads through so many permission sets.
pub(crate) fn described_beside_a_way_in(failed: usize, sets: usize) -> usize {
    if failed <= FEW { FEW } else { BESIDE_ONE_SET.saturating_sub(CALLS_A_SET * sets.saturating_sub(1)) }
}

impl Kind {
    const fn list_call(self) -> Call {
        match self {
            Self::Creation => Call::ListAccountAssignmentCreationStatus,
            Self::Deletion => Call::ListAccountAssignmentDeletionStatus,
            Self::Provisioning => Call::ListPermissionSetProvisioningStatus,
        }
    }

    /// A log that was not asked for.
    pub(crate) fn not_asked(self, because: &str) -> RequestLog {
        RequestLog::unasked(self.list_call(), because)
    }
}

impl Home<'_> {
    /// Lists the requests that run or have failed. Of the deletions only those that run matter: one that failed left
    /// the assignment as it was.
    pub(crate) async fn list_requests(&self, kind: Kind) -> RequestLog {
        let mut log = kind.not_asked(match kind {
            Kind::Creation | Kind::Provisioning => "no failed request of the user's calls for it",
            Kind::Deletion => "only requests that still run matter",
        });
        let failed = super::when(kind != Kind::Deletion, self.requests(kind, sso::StatusValues::Failed));
        let (in_progress, failed) = tokio::join!(self.requests(kind, sso::StatusValues::InProgress), failed);
        log.in_progress = in_progress;
        super::replace(&mut log.failed, failed);
        log
    }

    /// Describes the requests that run, and up to `most` of those that failed, the newest first; not those that are
    /// described already.
    pub(crate) async fn describe_open(&self, kind: Kind, log: &mut RequestLog, most: usize, urgency: Urgency) {
        let mut wanted: Vec<String> =
            log.in_progress.known().into_iter().flatten().map(|row| row.id.clone()).take(DESCRIBED).collect();
        let mut failed: Vec<&RequestRow> = log.failed.known().into_iter().flatten().collect();
        failed.sort_by_key(|row| newest_first(row));
        wanted.extend(failed.into_iter().take(most).map(|row| row.id.clone()));
        wanted.retain(|id| !log.described.contains_key(id));
        self.describe_requests(kind, wanted, urgency, log).await;
    }

    /// Adds the requests that succeeded since `since`: one of them may have mended a failure.
    pub(crate) async fn add_succeeded(&self, kind: Kind, since: Option<Timestamp>, log: &mut RequestLog) {
        log.succeeded = self.requests(kind, sso::StatusValues::Succeeded).await;
        let mut rows: Vec<&RequestRow> = log.succeeded.known().into_iter().flatten().collect();
        rows.retain(|row| !matches!((row.created, since), (Some(at), Some(since)) if at < since));
        rows.sort_by_key(|row| newest_first(row));
        let wanted = rows.into_iter().take(DESCRIBED).map(|row| row.id.clone()).collect();
        self.describe_requests(kind, wanted, Urgency::Essential, log).await;
    }

    async fn describe_requests(&self, kind: Kind, ids: Vec<String>, urgency: Urgency, log: &mut RequestLog) {
        let place = Place { urgency, ..self.place.clone() };
        let facts = join_all(ids.iter().map(|id| self.request(kind, id, &place))).await;
        log.described.extend(ids.into_iter().zip(facts));
        log.undescribed = log.unseen();
    }

    /// Lists the requests of a kind that have come so far.
    pub(crate) async fn requests_of(&self, kind: Kind, status: RequestStatus) -> Fact<Vec<RequestRow>> {
        let status = match status {
            RequestStatus::InProgress => sso::StatusValues::InProgress,
            RequestStatus::Failed => sso::StatusValues::Failed,
            RequestStatus::Succeeded => sso::StatusValues::Succeeded,
        };
        self.requests(kind, status).await
    }

    /// Describes one request.
    pub(crate) async fn request_of(&self, kind: Kind, id: &str) -> Fact<Option<Request>> {
        self.request(kind, id, &self.place).await
    }

    async fn requests(&self, kind: Kind, status: sso::StatusValues) -> Fact<Vec<RequestRow>> {
        let filter = sso::OperationStatusFilter::builder().status(status).build();
        let call = kind.list_call();
        match kind {
            Kind::Creation => {
                let send = |token| {
                    let request = self.sso_admin.list_account_assignment_creation_status();
                    let request = request.instance_arn(self.instance).filter(filter.clone());
                    request.max_results(100).set_next_token(token).send()
                };
                let page = |out: aws_sdk_ssoadmin::operation::list_account_assignment_creation_status::ListAccountAssignmentCreationStatusOutput| {
                    let token = out.next_token().map(str::to_owned);
                    let rows = out.account_assignments_creation_status.map(|rows| {
                        rows.into_iter().map(|row| (row.request_id, row.created_date)).collect()
                    });
                    rows_of(rows, token)
                };
                self.asker.pages(call, &self.place, send, page).await.fact()
            }
            Kind::Deletion => {
                let send = |token| {
                    let request = self.sso_admin.list_account_assignment_deletion_status();
                    let request = request.instance_arn(self.instance).filter(filter.clone());
                    request.max_results(100).set_next_token(token).send()
                };
                let page = |out: aws_sdk_ssoadmin::operation::list_account_assignment_deletion_status::ListAccountAssignmentDeletionStatusOutput| {
                    let token = out.next_token().map(str::to_owned);
                    let rows = out.account_assignments_deletion_status.map(|rows| {
                        rows.into_iter().map(|row| (row.request_id, row.created_date)).collect()
                    });
                    rows_of(rows, token)
                };
                self.asker.pages(call, &self.place, send, page).await.fact()
            }
            Kind::Provisioning => {
                let send = |token| {
                    let request = self.sso_admin.list_permission_set_provisioning_status();
                    let request = request.instance_arn(self.instance).filter(filter.clone());
                    request.max_results(100).set_next_token(token).send()
                };
                let page = |out: aws_sdk_ssoadmin::operation::list_permission_set_provisioning_status::ListPermissionSetProvisioningStatusOutput| {
                    let token = out.next_token().map(str::to_owned);
                    let rows = out.permission_sets_provisioning_status.map(|rows| {
                        rows.into_iter().map(|row| (row.request_id, row.created_date)).collect()
                    });
                    rows_of(rows, token)
                };
                self.asker.pages(call, &self.place, send, page).await.fact()
            }
        }
    }

    async fn request(&self, kind: Kind, id: &str, place: &Place) -> Fact<Option<Request>> {
        match kind {
            Kind::Creation => {
                let send = || {
                    let request = self.sso_admin.describe_account_assignment_creation_status();
                    request.instance_arn(self.instance).account_assignment_creation_request_id(id).send()
                };
                let call = Call::DescribeAccountAssignmentCreationStatus;
                let reply = self.asker.ask(call, place, send).await;
                reply.map(|out| assignment_request(id, out.account_assignment_creation_status)).or_none().fact()
            }
            Kind::Deletion => {
                let send = || {
                    let request = self.sso_admin.describe_account_assignment_deletion_status();
                    request.instance_arn(self.instance).account_assignment_deletion_request_id(id).send()
                };
                let call = Call::DescribeAccountAssignmentDeletionStatus;
                let reply = self.asker.ask(call, place, send).await;
                reply.map(|out| assignment_request(id, out.account_assignment_deletion_status)).or_none().fact()
            }
            Kind::Provisioning => {
                let send = || {
                    let request = self.sso_admin.describe_permission_set_provisioning_status();
                    request.instance_arn(self.instance).provision_permission_set_request_id(id).send()
                };
                let call = Call::DescribePermissionSetProvisioningStatus;
                let reply = self.asker.ask(call, place, send).await.map(|out| {
                    let status = out
                        .permission_set_provisioning_status
                        .ok_or_else(|| lacking("PermissionSetProvisioningStatus"))?;
                    status.request_id.as_deref().map_or(Ok(()), |found| require_same("RequestId", found, id))?;
                    Ok(Request {
                        id: id.to_owned(),
                        status: request_status(status.status.as_ref()),
                        failure_reason: status.failure_reason,
                        account: status.account_id,
                        permission_set: Some(status.permission_set_arn.ok_or_else(|| lacking("PermissionSetArn"))?),
                        principal: None,
                        created: status.created_date.as_ref().and_then(timestamp),
                    })
                });
                reply.or_none().fact()
            }
        }
    }
}

/// A row without its date may be the newest of all.
fn newest_first(row: &RequestRow) -> std::cmp::Reverse<Timestamp> {
    std::cmp::Reverse(row.created.unwrap_or(Timestamp::MAX))
}

/// A request that creates or deletes an assignment.
fn assignment_request(id: &str, status: Option<sso::AccountAssignmentOperationStatus>) -> Result<Request, Failure> {
    let status = status.ok_or_else(|| lacking("the request's status"))?;
    status.request_id.as_deref().map_or(Ok(()), |found| require_same("RequestId", found, id))?;
    Ok(Request {
        id: id.to_owned(),
        status: request_status(status.status.as_ref()),
        failure_reason: status.failure_reason,
        account: Some(status.target_id.ok_or_else(|| lacking("TargetId"))?),
        permission_set: Some(status.permission_set_arn.ok_or_else(|| lacking("PermissionSetArn"))?),
        principal: Some(Principal {
            kind: principal_type(status.principal_type.as_ref())?,
            id: status.principal_id.ok_or_else(|| lacking("PrincipalId"))?,
        }),
        created: status.created_date.as_ref().and_then(timestamp),
    })
}

type Row = (Option<String>, Option<aws_smithy_types::DateTime>);

/// Like the list of provisioned permission sets, an empty list may be left out altogether.
fn rows_of(rows: Option<Vec<Row>>, token: Option<String>) -> Page<RequestRow> {
    let rows: Result<Vec<RequestRow>, Failure> = rows
        .unwrap_or_default()
        .into_iter()
        .map(|(id, created)| {
            Ok(RequestRow {
                id: present(id.as_deref().unwrap_or_default(), "RequestId")?,
                created: created.as_ref().and_then(timestamp),
            })
        })
        .collect();
    (rows, token)
}

fn request_status(status: Option<&sso::StatusValues>) -> Option<RequestStatus> {
    match status {
        Some(sso::StatusValues::InProgress) => Some(RequestStatus::InProgress),
        Some(sso::StatusValues::Failed) => Some(RequestStatus::Failed),
        Some(sso::StatusValues::Succeeded) => Some(RequestStatus::Succeeded),
        Some(_) | None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_few_failures_whole_and_of_many_what_holds_nothing_up() {
        assert!((0..=3).all(|sets| described_beside_a_way_in(12, sets) == 12));
        assert_eq!([1, 2, 3, 4].map(|sets| described_beside_a_way_in(80, sets)), [9, 4, 0, 0]);
    }
}
