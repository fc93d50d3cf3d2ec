#!/bin/sh
# Follows docs/operating.md on a clean Debian, word for word, with the stand-in as Discord. Run as root by hand, never in
# CI: it needs debootstrap, a mirror, the requirements and some 700 MB.
#
#   sh tests/newcomer/run.sh /tmp/clean
#
# The clean root has a user and nothing else. Discord's names lead to a loopback address in it, where door.py speaks TLS
# in front of the stand-in; the bot is the unchanged one. The commands are those of the first block under "Install".
set -eu
repo=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
folder=$(mkdir -p "$1" && CDPATH='' cd -- "$1" && pwd)
root=$folder/root address=127.0.9.9 pids=

end() {
    for pid in $pids $(cat "$root/tmp/bot" 2>/dev/null); do kill "$pid" 2>/dev/null || :; done
    sleep 3
    umount "$root/proc" "$root/dev" 2>/dev/null || :
}
trap end EXIT

[ -d "$root/usr" ] || debootstrap --variant=minbase bookworm "$root"
cp /etc/resolv.conf "$root/etc/"
mountpoint -q "$root/proc" || mount --bind /proc "$root/proc"
mountpoint -q "$root/dev" || mount --bind /dev "$root/dev"
chroot "$root" id reader >/dev/null 2>&1 || chroot "$root" useradd -m reader
rm -rf "$root/srv/dateline.git" "$root/home/reader/dateline"
git clone -q --bare "$repo" "$root/srv/dateline.git"
chroot "$root" chown -R reader: /srv/dateline.git

# Discord, as far as the clean root can tell.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=stand-in \
    -addext "subjectAltName=DNS:discord.com,DNS:gateway.discord.gg,DNS:gateway-resume.discord.gg" \
    -keyout "$folder/key" -out "$folder/certificate" 2>/dev/null
printf '127.0.0.1 localhost\n%s discord.com gateway.discord.gg gateway-resume.discord.gg\n' "$address" > "$root/etc/hosts"
cd "$repo"
.venv/bin/python -m bot.loopback --socket "$folder/socket" --life 1200 > /dev/null & pids=$!
.venv/bin/python -m tests.newcomer.door "$folder/certificate" "$folder/key" "$folder/socket" "$address" & pids="$pids $!"

as_reader() {
    chroot --userspec=reader:reader "$root" env -i HOME=/home/reader PATH=/usr/bin:/bin LANG=C.UTF-8 \
        ${PIP_CERT:+PIP_CERT=/etc/newcomer-pip.crt} sh -c "cd /home/reader; [ ! -d dateline ] || cd dateline; $1"
}
if [ -n "${PIP_CERT:-}" ]; then cp "$PIP_CERT" "$root/etc/newcomer-pip.crt"; fi

number=0
sed -n '/^## Install/,/^### /s/^    //p' docs/operating.md > "$folder/commands"
while read -r line; do
    number=$((number + 1))
    line=$(printf %s "$line" | sed 's|ADDRESS|/srv/dateline.git|; s|TOKEN_FROM_THE_PORTAL|MTIzNDU2Nzg5MDEyMzQ1Njc4.stand.in-token-of-many-letters|')
    printf '\n== %s. %s\n' "$number" "$line"
    case $line in
        "apt "*)
            chroot "$root" env DEBIAN_FRONTEND=noninteractive sh -c "$line -y" >/dev/null 2>&1
            cp "$folder/certificate" "$root/usr/local/share/ca-certificates/stand-in.crt"
            chroot "$root" update-ca-certificates >/dev/null
            ;;
        "./dateline run"*) rm -f "$root/tmp/bot"; as_reader 'echo $$ > /tmp/bot; exec ./dateline run' & sleep 8 ;;
        *) as_reader "$line" || [ "$line" = ./dateline\ check ] ;;
    esac < /dev/null
done < "$folder/commands"
printf '\n== the last check, beside the running bot\n'
as_reader "./dateline check" < /dev/null
printf '\n%s commands, and check ends with 0\n' "$number"
