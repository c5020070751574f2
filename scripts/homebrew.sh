#!/usr/bin/env bash
# Writes the Homebrew formula of a release: scripts/homebrew.sh VERSION REPOSITORY SHA256SUMS > idc.rb
#
# REPOSITORY is OWNER/NAME, SHA256SUMS the file of the release. A tap takes the formula as it is.
set -euo pipefail

version=$1 repository=$2 sums=$3

# One download: its address and its sum.
of() {
    local archive=idc-$version-$1.tar.gz sum
    sum=$(awk -v name="$archive" '$2 == name { print $1 }' "$sums")
    [ -n "$sum" ] || { echo "$sums has no sum for $archive" >&2; exit 1; }
    printf '      url "https://github.com/%s/releases/download/v%s/%s"\n      sha256 "%s"' \
        "$repository" "$version" "$archive" "$sum"
}

mac_arm=$(of aarch64-apple-darwin)
mac_intel=$(of x86_64-apple-darwin)
linux_arm=$(of aarch64-unknown-linux-musl)
linux_intel=$(of x86_64-unknown-linux-musl)

cat <<FORMULA
class Idc < Formula
  desc "Tells why somebody cannot get into an AWS account through IAM Identity Center"
  homepage "https://github.com/$repository"
  version "$version"
  license "MIT"

  on_macos do
    on_arm do
$mac_arm
    end
    on_intel do
$mac_intel
    end
  end

  on_linux do
    on_arm do
$linux_arm
    end
    on_intel do
$linux_intel
    end
  end

  def install
    bin.install "idc"
    man1.install Dir["man/*.1"]
    bash_completion.install "completions/idc.bash" => "idc"
    fish_completion.install "completions/idc.fish"
    zsh_completion.install "completions/idc.zsh" => "_idc"
    pkgshare.install "deploy", "THIRD-PARTY-LICENSES.html"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/idc --version")
    assert_match "customer-managed-policy-missing", shell_output("#{bin}/idc explain")
  end
end
FORMULA
