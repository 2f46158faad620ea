{{- define "saoma.labels" -}}
app.kubernetes.io/name: saoma
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}
{{- define "saoma.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- define "saoma.env" -}}
envFrom:
  - secretRef: { name: {{ .Values.existingSecret }} }
env:
  - { name: SAOMA__SERVER__LISTEN, value: "0.0.0.0:8080" }
  - { name: SAOMA__SERVER__ADMIN_LISTEN, value: "0.0.0.0:9090" }
  - { name: SAOMA__SERVER__PUBLIC_URL, value: "https://{{ .Values.host }}" }
  - name: SAOMA__SERVER__ADMIN_HOSTS
    value: "{{ .Release.Name }}-admin,{{ .Release.Name }}-admin.{{ .Release.Namespace }},{{ .Release.Name }}-admin.{{ .Release.Namespace }}.svc"
  {{- range $name, $value := .Values.config }}
  - { name: {{ $name }}, value: {{ $value | quote }} }
  {{- end }}
{{- end -}}
