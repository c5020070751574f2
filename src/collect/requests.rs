//! The asynchronous requests of Identity Center. Their lists tell neither account nor permission set: every row that
//! might matter has to be described.

use aws_sdk_ssoadmin::types as sso;

use super::access::principal_type;
use super::ask::{Page, Place};
use super::failure::Failure;
use super::identity::{lacking, present};
use super::limiter::Urgency;
use super::reply::require_same;
use super::{Home, timestamp};
pub(crate) use crate::evidence::RequestKind as Kind;
use crate::evidence::{Call, Fact, Principal, Request, RequestRow, RequestStatus};

impl Kind {
    const fn list_call(self) -> Call {
        match self {
            Self::Creation => Call::ListAccountAssignmentCreationStatus,
            Self::Deletion => Call::ListAccountAssignmentDeletionStatus,
            Self::Provisioning => Call::ListPermissionSetProvisioningStatus,
        }
    }
}

impl Home<'_> {
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
    pub(crate) async fn request_of(&self, kind: Kind, id: &str, urgency: Urgency) -> Fact<Option<Request>> {
        self.request(kind, id, &Place { urgency, ..self.place.clone() }).await
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
