#!/usr/bin/env bash
# Builds the Kubernetes servers of Debian's source package `kubernetes`, which Debian itself ships without its servers, and
# prints the folder that holds them on standard output (all else goes to standard error). The folder lies in the user's cache,
# one for each version of the package: a second call answers at once. Needs golang-go, make, rsync, dpkg-dev, fresh apt indexes, and
# about 4 GB of disk while it builds.
set -euo pipefail
exec 3>&1 1>&2

SERVERS=(${KUBERNETES_SERVERS:-kube-apiserver kube-scheduler})
# Raised when a change below must make what is in caches out of date.
RECIPE=2
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/metalk8s-console/kubernetes

say() { echo "build-kubernetes: $*"; }
fail() { say "$*" && exit 1; }

version=$(apt-cache show --no-all-versions kubernetes-client 2>/dev/null | sed -n 's/^Version: //p' | head -n 1)
[ -n "$version" ] || fail 'apt knows no package kubernetes-client: run apt-get update on a Debian 12 machine.'
release=${version##*really}
release=${release%%-*}
built=$CACHE/$version.$RECIPE

works() { [ "$("$1" --version 2>/dev/null)" = "Kubernetes v$release" ]; }
complete() {
  local server
  for server in "${SERVERS[@]}"; do works "$built/$server" || return 1; done
}
answer() { echo "$built" >&3 && exit 0; }

complete && answer
mkdir -p "$CACHE"
exec 9>"$CACHE/lock"
flock --nonblock 9 || { say 'waits for another build' && flock 9; }
complete && answer

for tool in go make rsync dpkg-source; do
  command -v "$tool" >/dev/null || fail "$tool is missing: apt-get install golang-go make rsync dpkg-dev."
done

work=$(mktemp -d "$CACHE/build.XXXXXX")
clean() { chmod -R u+w "$work" && rm -rf "$work"; }
trap clean EXIT
trap 'exit 130' INT TERM HUP

# The mirror that this machine already uses, asked for sources, in lists of its own: /etc/apt stays as it is.
apt-get indextargets --format 'deb-src $(REPO_URI) $(RELEASE) $(COMPONENT)' \
  'Created-By: Packages' 'Origin: Debian' 'Component: main' >"$work/sources.list"
[ -s "$work/sources.list" ] || fail 'apt uses no Debian mirror: run apt-get update on a Debian 12 machine.'
mkdir -p "$work/lists/partial" "$work/source"
private=(-o "Dir::Etc::SourceList=$work/sources.list" -o Dir::Etc::SourceParts=/dev/null -o "Dir::State::Lists=$work/lists"
  -o APT::Sandbox::User=root)
say "fetches the source of kubernetes $version"
apt-get "${private[@]}" -qq update
(cd "$work/source" && apt-get "${private[@]}" -qq source --download-only "kubernetes=$version")

export GOPATH=$work/go GOCACHE=$work/go-cache GOFLAGS= GO111MODULE=off GOPROXY=off CGO_ENABLED=0
tree=$GOPATH/src/k8s.io/kubernetes
mkdir -p "${tree%/*}"
dpkg-source --no-check -x "$work"/source/*.dsc "$tree" >/dev/null

say "builds ${SERVERS[*]} $release (ten minutes or so on two cores)"
cd "$tree"
make generated_files >"$work/generate.log" 2>&1 || { tail -n 40 "$work/generate.log" && fail 'the generated code could not be made.'; }
IFS=. read -r major minor _ <<<"$release"
flags='-s -w'
# One package answers --version, the other /version.
for package in component-base/version client-go/pkg/version; do
  stamp=k8s.io/kubernetes/vendor/k8s.io/$package
  flags+=" -X $stamp.gitVersion=v$release -X $stamp.gitMajor=$major -X $stamp.gitMinor=$minor"
done
mkdir "$work/servers"
go build -trimpath -ldflags "$flags" -o "$work/servers/" "${SERVERS[@]/#/k8s.io/kubernetes/cmd/}"

rm -rf "$built"
mv -T "$work/servers" "$built"
complete || fail "what was built in $built does not say v$release when asked for its version."
answer
