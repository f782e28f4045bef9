#!/usr/bin/env bash
# Gives an app registration that is there what the app in Teams may need of it: the right to install it for people.
# Says what it would do; does it only with --apply. Needs the Azure CLI, signed in (az login) as somebody who may consent.
# Told in docs/microsoft365.md#installing-by-graph.
set -euo pipefail

GRAPH=00000003-0000-0000-c000-000000000000
INSTALLING=TeamsAppInstallation.ReadWriteSelfForUser.All
APP=
INSTALLS=no
APPLY=no

usage() {
    cat <<'END'
setup-teams.sh --app ID --installs [--apply]

  --app ID     the application (client) id of the registration that kursusbot signs in with: KURSUSBOT_GRAPH__CLIENT_ID
  --installs   the right to install its own app in Teams for people, and nobody else's
  --apply      do it; without it nothing is changed
END
}

fail() {
    printf '%s\n' "$*" >&2
    exit 2
}

while (($#)); do
    case $1 in
        --app) APP=${2:?--app needs a value} && shift 2 ;;
        --installs) INSTALLS=yes && shift ;;
        --apply) APPLY=yes && shift ;;
        -h | --help) usage && exit 0 ;;
        *) usage >&2 && fail "unknown: $1" ;;
    esac
done

[[ $APP =~ ^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$ ]] || { usage >&2 && fail "--app is an id such as 00000000-0000-0000-0000-000000000000"; }
[[ $INSTALLS == yes ]] || { usage >&2 && fail "--installs is missing"; }
command -v az >/dev/null || fail "the Azure CLI (az) is not there"

# Changes something, or says that it would.
change() {
    printf '%s' "$([[ $APPLY == yes ]] && echo 'doing:' || echo 'would do:')" && printf ' %q' "$@" && printf '\n'
    [[ $APPLY == no ]] || "$@" >/dev/null
}

[[ -n $(az ad app show --id "$APP" --query id --output tsv 2>/dev/null) ]] || fail "there is no app registration $APP in this tenant"

ROLE=$(az ad sp show --id "$GRAPH" --query "appRoles[?value=='$INSTALLING'].id | [0]" --output tsv)
[[ -n $ROLE ]] || fail "Microsoft Graph has no permission $INSTALLING"
change az ad app permission add --id "$APP" --api "$GRAPH" --api-permissions "$ROLE=Role"
echo "  ($INSTALLING)"
change az ad app permission admin-consent --id "$APP"

echo
if [[ $APPLY == yes ]]; then
    echo "KURSUSBOT_BOT__INSTALL=true"
    echo "KURSUSBOT_BOT__CATALOGUE_ID=  the app's id in the catalogue: on its page under Manage apps in the Teams admin centre"
    echo "next: kursusbot doctor. The right counts from the next sign-in."
else
    echo "Nothing was changed. Once more with --apply does it."
fi
