# The role that `idc why --target-role idc-read` enters in a member account; apply it with credentials of that account.
#
#   terraform apply -var trusted_principal=arn:aws:iam::111122223333:root

terraform {
  required_version = ">= 1.3"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 4.0"
    }
  }
}

variable "trusted_principal" {
  description = "ARN of who may assume the role: a role, or arn:aws:iam::ACCOUNT:root for whoever that account lets do so (the management account, or the delegated administrator of Identity Center)."
  type        = string
}

variable "organization_id" {
  description = "Only principals of this organization (o-…) may assume the role. Null for no such condition."
  type        = string
  default     = null
}

variable "role_name" {
  description = "The role's name, which the option --target-role names."
  type        = string
  default     = "idc-read"
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = [var.trusted_principal]
    }
    dynamic "condition" {
      for_each = var.organization_id == null ? [] : [var.organization_id]
      content {
        test     = "StringEquals"
        variable = "aws:PrincipalOrgID"
        values   = [condition.value]
      }
    }
  }
}

resource "aws_iam_role" "idc_read" {
  name               = var.role_name
  description        = "Read by idc, to tell why somebody cannot get into this account."
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "idc_read" {
  name = "idc-read"
  role = aws_iam_role.idc_read.id
  # What `idc policy --target` prints; a test holds it so.
  # <policy>
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "ReadCloudtrail"
        Effect = "Allow"
        Action = [
          "cloudtrail:LookupEvents",
        ]
        Resource = "*"
      },
      {
        Sid    = "ReadIam"
        Effect = "Allow"
        Action = [
          "iam:ListPolicies",
          "iam:ListRoles",
          "iam:GetRole",
          "iam:GetPolicy",
          "iam:GetPolicyVersion",
          "iam:GetAccountSummary",
          "iam:ListAttachedRolePolicies",
          "iam:ListRolePolicies",
          "iam:GetRolePolicy",
          "iam:ListSAMLProviders",
        ]
        Resource = "*"
      },
    ]
  })
  # </policy>
}

output "role_arn" {
  description = "The role."
  value       = aws_iam_role.idc_read.arn
}
