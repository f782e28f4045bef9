#!/usr/bin/env bash
# Gives an app registration that is there what Teams needs of it: the right to install the app for people, the scope by which
# Teams' clients tell the tab who opened it, and the rights to read who was in a meeting.
# Says what it would do; does it only with --apply. Needs the Azure CLI, signed in (az login) as somebody who may consent.
# Told in docs/microsoft365.md, Installing by Graph, The tab and Who was in a meeting.
set -euo pipefail

GRAPH=00000003-0000-0000-c000-000000000000
INSTALLING=TeamsAppInstallation.ReadWriteSelfForUser.All
MEETINGS=(OnlineMeetings.Read.All OnlineMeetingArtifact.Read.All)
TEAMS_DESKTOP=1fec8e78-bce4-4aaf-ab1b-5451cc387264
TEAMS_WEB=5e3ce6c0-2b1f-4285-8d4b-75ee78787346
SCOPE=access_as_user
APP=
INSTALLS=no
TAB=no
ATTENDANCE=no
HOST=
APPLY=no

usage() {
    cat <<'END'
setup-teams.sh --app ID [--installs] [--attendance] [--tab --host HOST] [--apply]

  --app ID     the application (client) id: with --installs and --attendance of the registration that kursusbot signs in with
               (KURSUSBOT_GRAPH__CLIENT_ID), with --tab of the one that people sign in to (KURSUSBOT_SIGNIN__CLIENT_ID)
  --installs   the right to install its own app in Teams for people, and nobody else's
  --attendance the rights to find meetings and read who was in them; whose, a policy in Teams says, which PowerShell gives
  --tab        the scope access_as_user, which Teams' own clients may use without asking people
  --host HOST  of the pages, as in KURSUSBOT_WEB__BASE_URL
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
        --attendance) ATTENDANCE=yes && shift ;;
        --tab) TAB=yes && shift ;;
        --host) HOST=${2:?--host needs a value} && shift 2 ;;
        --apply) APPLY=yes && shift ;;
        -h | --help) usage && exit 0 ;;
        *) usage >&2 && fail "unknown: $1" ;;
    esac
done

[[ $APP =~ ^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$ ]] || { usage >&2 && fail "--app is an id such as 00000000-0000-0000-0000-000000000000"; }
[[ $INSTALLS$ATTENDANCE$TAB == *yes* ]] || { usage >&2 && fail "--installs, --attendance or --tab is missing"; }
[[ $TAB == no || $HOST =~ ^[A-Za-z0-9.-]+(:[0-9]+)?$ ]] || fail "--host is a name alone, such as kurser.kommune.example"
command -v az >/dev/null || fail "the Azure CLI (az) is not there"

# Changes something, or says that it would.
change() {
    printf '%s' "$([[ $APPLY == yes ]] && echo 'doing:' || echo 'would do:')" && printf ' %q' "$@" && printf '\n'
    [[ $APPLY == no ]] || "$@" >/dev/null
}

OBJECT=$(az ad app show --id "$APP" --query id --output tsv 2>/dev/null) || true
[[ -n $OBJECT ]] || fail "there is no app registration $APP in this tenant"

if [[ $TAB == yes ]]; then
    # What another program has put there is not ours to write over: these lists are replaced as a whole.
    OTHERS=$(az ad app show --id "$APP" --query "api.oauth2PermissionScopes[?value!='$SCOPE'].value" --output tsv)
    [[ -z $OTHERS ]] || fail "$APP exposes other scopes already (${OTHERS//$'\n'/, }): add $SCOPE in Entra, under Expose an API, and Teams' clients $TEAMS_DESKTOP and $TEAMS_WEB"
    OURS=api://$HOST/$APP
    KNOWN=$(az ad app show --id "$APP" --query 'identifierUris' --output tsv)
    SCOPE_ID=$(az ad app show --id "$APP" --query "api.oauth2PermissionScopes[?value=='$SCOPE'].id | [0]" --output tsv)
    [[ -n $SCOPE_ID ]] || SCOPE_ID=$(cat /proc/sys/kernel/random/uuid 2>/dev/null || uuidgen)
    SAID="\"adminConsentDisplayName\": \"Open kursusbot in Teams\", \"adminConsentDescription\": \"Teams tells kursusbot who opened its tab.\""
    EXPOSED="{\"api\": {\"requestedAccessTokenVersion\": 2, \"oauth2PermissionScopes\": [{\"id\": \"$SCOPE_ID\", \"value\": \"$SCOPE\", \"type\": \"Admin\", \"isEnabled\": true, $SAID}]}}"
    CLIENT="\"delegatedPermissionIds\": [\"$SCOPE_ID\"]"
    ALLOWED="{\"api\": {\"preAuthorizedApplications\": [{\"appId\": \"$TEAMS_DESKTOP\", $CLIENT}, {\"appId\": \"$TEAMS_WEB\", $CLIENT}]}}"
    GRAPH_HOME=$(az cloud show --query endpoints.microsoftGraphResourceId --output tsv)
    WHERE=${GRAPH_HOME%/}/v1.0/applications/$OBJECT
    if ! grep -qxF "$OURS" <<<"$KNOWN"; then
        mapfile -t URIS < <(printf '%s\n' "$KNOWN" "$OURS" | sed '/^$/d')
        change az ad app update --id "$APP" --identifier-uris "${URIS[@]}"
    fi
    change az rest --method patch --url "$WHERE" --headers Content-Type=application/json --body "$EXPOSED"
    change az rest --method patch --url "$WHERE" --headers Content-Type=application/json --body "$ALLOWED"
fi
RIGHTS=()
[[ $INSTALLS == no ]] || RIGHTS+=("$INSTALLING")
[[ $ATTENDANCE == no ]] || RIGHTS+=("${MEETINGS[@]}")
for right in "${RIGHTS[@]}"; do
    ROLE=$(az ad sp show --id "$GRAPH" --query "appRoles[?value=='$right'].id | [0]" --output tsv)
    [[ -n $ROLE ]] || fail "Microsoft Graph has no permission $right"
    change az ad app permission add --id "$APP" --api "$GRAPH" --api-permissions "$ROLE=Role"
    echo "  ($right)"
done
[[ ${#RIGHTS[@]} == 0 ]] || change az ad app permission admin-consent --id "$APP"

echo
if [[ $APPLY == yes ]]; then
    [[ $TAB == no ]] || echo "KURSUSBOT_TEAMS__TAB=true"
    if [[ $INSTALLS == yes ]]; then
        echo "KURSUSBOT_BOT__INSTALL=true"
        echo "KURSUSBOT_BOT__CATALOGUE_ID=  the app's id in the catalogue: on its page under Manage apps in the Teams admin centre"
    fi
    if [[ $ATTENDANCE == yes ]]; then
        echo "KURSUSBOT_TEAMS__ATTENDANCE_REPORTS=true"
        echo "and in PowerShell, with the module MicrosoftTeams, for the course mailbox by its object id:"
        echo "  New-CsApplicationAccessPolicy -Identity kursusbot -AppIds $APP -Description \"kursusbot reads who was in its meetings\""
        echo "  Grant-CsApplicationAccessPolicy -PolicyName kursusbot -Identity OBJECT-ID"
    fi
    echo "next: $([[ $TAB == no ]] || echo 'kursusbot teams-app, and upload the package; ')kursusbot doctor. A right counts from the next sign-in."
else
    echo "Nothing was changed. Once more with --apply does it."
fi
