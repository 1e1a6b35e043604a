# A PostgreSQL server that lives as long as this script's standard input is open, that is, as long as the tests.
#
# run.sh BIN FOLDER PORT; the password is in FOLDER/password. Everything it says is in FOLDER/log.
bin=$1
folder=$2
port=$3
exec 3<&0 </dev/null >>"$folder/log" 2>&1
cd "$folder" || exit 1
umask 077

certificate() { # name, signer's options...
  name=$1
  shift
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$name" -keyout "$name.key" "$@"
}

certificate root -x509 -days 30 -out root.crt &&
  certificate stranger -x509 -days 30 -out stranger.crt &&
  certificate server -out server.csr &&
  echo 'subjectAltName=DNS:localhost' >names &&
  openssl x509 -req -in server.csr -CA root.crt -CAkey root.key -CAcreateserial -days 30 -extfile names \
    -out server.crt || exit 1
chmod a+rx . && chmod a+r root.crt stranger.crt

"$bin/initdb" -D data --username=admin --pwfile=password --auth=scram-sha-256 --encoding=UTF8 --locale=C --no-sync ||
  exit 1
# Nobody ever stands by: a database where synchronous_commit is on waits in its commits, and can be broken there.
"$bin/postgres" -D data -h localhost -p "$port" -k "$folder" \
  -c fsync=on -c synchronous_commit=local -c synchronous_standby_names=nobody \
  -c max_connections=400 -c log_line_prefix='%d ' \
  -c ssl=on -c ssl_cert_file="$folder/server.crt" -c ssl_key_file="$folder/server.key" 3<&- &
server=$!
cat >/dev/null <&3
kill -QUIT "$server"
wait "$server"
rm -rf "$folder"
