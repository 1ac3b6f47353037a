{{- define "slipway.labels" -}}
app.kubernetes.io/name: {{ .Values.name }}
{{- end }}

{{- define "slipway.metadata" -}}
name: {{ .Values.name }}
namespace: {{ .Release.Namespace }}
labels:
  {{- include "slipway.labels" . | nindent 2 }}
  app.kubernetes.io/managed-by: {{ .Release.Service }}
  helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "slipway.image" -}}
{{- with .Values.image -}}
{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}{{ with .digest }}@{{ . }}{{ end }}
{{- end -}}
{{- end }}

{{- /* A role of the rules in a file, and its binding to the controller. Takes: top, kind, name, namespace, files. */ -}}
{{- define "slipway.role" -}}
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ .kind }}
metadata:
  name: {{ .name }}
  {{- with .namespace }}
  namespace: {{ . }}
  {{- end }}
  labels: {{- include "slipway.labels" .top | nindent 4 }}
rules:
{{- range .files }}
{{- $.top.Files.Get (printf "files/rules/%s.yaml" .) | trimSuffix "\n" | nindent 0 }}
{{- end }}
---
{{ include "slipway.binding" . }}
{{- end }}

{{- define "slipway.binding" -}}
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ .kind }}Binding
metadata:
  name: {{ .name }}
  {{- with .namespace }}
  namespace: {{ . }}
  {{- end }}
  labels: {{- include "slipway.labels" .top | nindent 4 }}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: {{ .kind }}, name: {{ .name }}}
subjects: [{kind: ServiceAccount, name: {{ .top.Values.name }}, namespace: {{ .top.Release.Namespace }}}]
{{- end }}
