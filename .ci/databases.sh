# shellcheck shell=bash
# Private PostgreSQL and MariaDB servers for the tests, in a directory that is
# thrown away. Sourced by run.

# start_databases DIR starts both on free ports of the loopback interface, and
# once more for tests that crash them: those get a command that ends a server
# without warning and starts it again. They refuse to run as root, so root starts
# them as the users of their packages. A server that the environment names, such
# as MySQL itself in MUSTER_TEST_MYSQL, is used instead of one of these.
start_databases() {
	local dir=$1
	install_databases
	{
		given MUSTER_TEST_POSTGRES || start_postgres "$dir/postgres" "$(free_port)" MUSTER_TEST_POSTGRES
		given MUSTER_TEST_MYSQL || start_mariadb "$dir/mariadb" "$(free_port)" MUSTER_TEST_MYSQL
		given MUSTER_CRASH_POSTGRES || start_postgres "$dir/postgres-crash" "$(free_port)" MUSTER_CRASH_POSTGRES
		given MUSTER_CRASH_MYSQL || start_mariadb "$dir/mariadb-crash" "$(free_port)" MUSTER_CRASH_MYSQL
		echo 'MUSTER_TEST_REQUIRE=1'
	} >"$dir/env"
	cat "$dir/env"
}

# given NAME reports whether a variable is set and not empty.
given() { [[ -n ${!1:-} ]]; }

# use_databases DIR exports what start_databases wrote.
use_databases() {
	[[ -f $1/env ]] || return 0
	set -a
	# shellcheck disable=SC1091
	source "$1/env"
	set +a
}

# stop_databases DIR stops what start_databases started.
stop_databases() {
	local pidfile
	for pidfile in "$1"/postgres*/data/postmaster.pid "$1"/mariadb*/pid; do
		if [[ -f $pidfile ]]; then
			stop_process "$(head -n 1 "$pidfile")"
		fi
	done
}

stop_process() {
	kill "$1" 2>/dev/null || return 0
	for _ in {1..100}; do
		kill -0 "$1" 2>/dev/null || return 0
		sleep 0.1
	done
	kill -9 "$1" 2>/dev/null || true
}

install_databases() {
	if postgres_bin >/dev/null && command -v mariadbd >/dev/null; then
		return
	fi
	if [[ ${CI:-} != true || $(id -u) != 0 ]]; then
		echo 'PostgreSQL and MariaDB servers are not installed' >&2
		return 1
	fi
	local apt=(apt-get -qq -o DPkg::Lock::Timeout=300)
	"${apt[@]}" update
	DEBIAN_FRONTEND=noninteractive "${apt[@]}" install --no-install-recommends postgresql mariadb-server >/dev/null
}

# as USER COMMAND... drops root's privileges, and leaves others as they are.
as() {
	local user=$1
	shift
	if [[ $(id -u) == 0 ]]; then
		runuser -u "$user" -- "$@"
	else
		"$@"
	fi
}

# private_dir USER DIR makes a directory that the user owns.
private_dir() {
	mkdir -p "$2"
	if [[ $(id -u) == 0 ]]; then
		chown "$1" "$2"
	fi
}

postgres_bin() {
	local found
	found=$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -n 1)
	[[ -n $found ]] && dirname "$found"
}

# start_postgres DIR PORT NAME prints what the environment is to hold: the data
# source under the name, and how to crash the server.
start_postgres() {
	local dir=$1 port=$2 name=$3 bin
	bin=$(postgres_bin)
	private_dir postgres "$dir"
	cd "$dir" || return
	as postgres "$bin/initdb" -D "$dir/data" -U muster -A trust -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
	as postgres "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -t 60 \
		-o "-p $port -k $dir -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200" start >/dev/null
	as postgres "$bin/createdb" -h "$dir" -p "$port" -U muster muster
	echo "$name='postgres://muster@127.0.0.1:$port/muster?sslmode=disable'"
	{
		echo '#!/usr/bin/env bash'
		declare -f as
		echo "cd '$dir' && as postgres '$bin/pg_ctl' -D '$dir/data' -l '$dir/log' -w -t 60 -m immediate restart >/dev/null"
	} >"$dir-restart"
	echo "${name}_RESTART='bash $dir-restart'"
}

# start_mariadb is start_postgres for MariaDB. Commits are handed to the
# operating system at once, so that a crash of the server loses none. Each has a
# directory for its temporary tables: a server that starts removes all it finds,
# and another one whose tables they are crashes.
start_mariadb() {
	local dir=$1 port=$2 name=$3
	private_dir mysql "$dir"
	private_dir mysql "$dir/tmp"
	cd "$dir" || return
	as mysql mariadb-install-db --no-defaults --datadir="$dir/data" --tmpdir="$dir/tmp" --auth-root-authentication-method=normal --skip-test-db >/dev/null
	{
		echo '#!/usr/bin/env bash'
		declare -f as run_mariadb
		echo "cd '$dir' && kill -9 \"\$(cat pid)\" && while kill -0 \"\$(cat pid)\" 2>/dev/null; do sleep 0.05; done"
		echo "rm -f pid; run_mariadb '$dir' '$port'"
	} >"$dir-restart"
	run_mariadb "$dir" "$port"
	local client=(mariadb --no-defaults --socket="$dir/socket" --user=root)
	"${client[@]}" -e "CREATE DATABASE muster CHARACTER SET utf8mb4; CREATE USER muster@'127.0.0.1' IDENTIFIED BY 'muster'; GRANT ALL ON *.* TO muster@'127.0.0.1'"
	echo "$name='muster:muster@tcp(127.0.0.1:$port)/muster'"
	echo "${name}_RESTART='bash $dir-restart'"
}

# run_mariadb DIR PORT starts the server and waits until it answers.
run_mariadb() {
	local dir=$1 port=$2
	as mysql mariadbd --no-defaults --datadir="$dir/data" --tmpdir="$dir/tmp" --socket="$dir/socket" --pid-file="$dir/pid" --bind-address=127.0.0.1 --port="$port" \
		--innodb-flush-log-at-trx-commit=2 --innodb-flush-method=nosync --innodb-doublewrite=0 --sync-frm=0 >>"$dir/log" 2>&1 </dev/null &
	for _ in {1..300}; do
		if mariadb --no-defaults --socket="$dir/socket" --user=root -e 'SELECT 1' >/dev/null 2>&1; then
			return
		fi
		sleep 0.2
	done
	return 1
}

# free_port prints a port on which nothing listens.
free_port() {
	local port
	while port=$((20000 + RANDOM % 10000)); (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
	echo "$port"
}
