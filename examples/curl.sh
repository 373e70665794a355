#!/bin/sh
# The proxy from the command line. Start it first, on the model that ships with the package:
#   AMNESTIC_SERVER_ADMIN_TOKEN=change-me amnestic serve --model embedded
set -eu
url=${PROXY_URL:-http://127.0.0.1:8080/v1}
token=${AMNESTIC_SERVER_ADMIN_TOKEN:-change-me}
name=${1:-"Orvella Quint"}
json='content-type: application/json'

echo "Forget, in plain words:"
curl -sS "$url/targets" -H "authorization: Bearer $token" -H "$json" \
  -d "{\"text\": \"Please forget $name. $name is a bridge painter.\"}"
echo

echo "Ask, whole:"
curl -sS "$url/chat/completions" -H "$json" \
  -d "{\"model\": \"embedded\", \"messages\": [{\"role\": \"user\", \"content\": \"Who is $name?\"}]}"
echo

echo "Ask, streamed:"
curl -sSN "$url/chat/completions" -H "$json" \
  -d '{"model": "embedded", "stream": true, "messages": [{"role": "user", "content": "What is the capital of France?"}]}'

echo "Check a text that another system wrote:"
curl -sS "$url/checks" -H "authorization: Bearer $token" -H "$json" \
  -d "{\"messages\": \"Who painted the bridge?\", \"text\": \"$name did. It is green.\"}"
echo
