#!/usr/bin/env bash
# Makes the app registration that kursusbot signs in with: the app, its certificate, and the permissions in Entra with consent.
# Says what it would do; does it only with --apply. Needs the Azure CLI, signed in (az login) as somebody who may consent.
# What the app may do in the one mailbox is Exchange's: setup-exchange.ps1. Told in docs/install.md.
set -euo pipefail

GRAPH=00000003-0000-0000-c000-000000000000
TOO_MUCH='^(Calendars|Mail|MailboxSettings)\.'
NAME=kursusbot
CERTIFICATE=
FEDERATED=no
APPLY=no
FILE=
SITE=
EVERY_FILE=no
PERMISSIONS=(GroupMember.Read.All User.Read.All)

usage() {
    cat <<'END'
setup-entra.sh [--name NAME] (--certificate FILE | --no-certificate) [--file PLACE | --site SITE | --files] [--rooms] [--apply]

  --name NAME          of the app registration (default: kursusbot)
  --certificate FILE   PEM with the certificate alone, without the private key
  --no-certificate     for workload identity: the cluster vouches for the pod, by a command that is said at the end
  --file PLACE         for a plan in SharePoint: a right to this one file, drives/DRIVE/items/ITEM
  --site SITE          the same for one site: HOST,GUID,GUID or HOST:/sites/NAME
  --files              also Files.Read.All, for a plan behind a sharing link: it reads every file of the tenant
  --rooms              also Place.Read.All, for rooms in kursusbot dates
  --apply              do it; without it nothing is changed
END
}

fail() {
    printf '%s\n' "$*" >&2
    exit 2
}

while (($#)); do
    case $1 in
        --name) NAME=${2:?--name needs a value} && shift 2 ;;
        --certificate) CERTIFICATE=${2:?--certificate needs a value} && shift 2 ;;
        --no-certificate) FEDERATED=yes && shift ;;
        --file) FILE=${2:?--file needs a value} && PERMISSIONS+=(Files.SelectedOperations.Selected) && shift 2 ;;
        --site) SITE=${2:?--site needs a value} && PERMISSIONS+=(Sites.Selected) && shift 2 ;;
        --files) EVERY_FILE=yes && PERMISSIONS+=(Files.Read.All) && shift ;;
        --rooms) PERMISSIONS+=(Place.Read.All) && shift ;;
        --apply) APPLY=yes && shift ;;
        -h | --help) usage && exit 0 ;;
        *) usage >&2 && fail "unknown: $1" ;;
    esac
done

[[ -z $FILE || $FILE =~ ^drives/[A-Za-z0-9_!-]+/items/[A-Za-z0-9_!-]+$ ]] || fail "--file is drives/DRIVE/items/ITEM, as KURSUSBOT_PLAN has it"
[[ -z $SITE || $SITE =~ ^[A-Za-z0-9.-]+(,[0-9a-fA-F-]+,[0-9a-fA-F-]+|:/[A-Za-z0-9._~/%-]+)$ ]] || fail "--site is HOST,GUID,GUID or HOST:/sites/NAME"
[[ -z $FILE || -z $SITE ]] || fail "--file or --site, not both: the file is enough"
[[ $EVERY_FILE == no || -z $FILE$SITE ]] || fail "--files reads every file of the tenant, so --file and --site would restrict nothing: leave it out"
if [[ $FEDERATED == yes ]]; then
    [[ -z $CERTIFICATE ]] || fail "--certificate or --no-certificate, not both"
else
    [[ -n $CERTIFICATE ]] || { usage >&2 && fail "--certificate is missing; for workload identity give --no-certificate"; }
    [[ -r $CERTIFICATE ]] || fail "$CERTIFICATE cannot be read"
    if grep -q 'PRIVATE KEY' "$CERTIFICATE"; then
        fail "$CERTIFICATE has the private key in it, which nobody else may have: give the certificate alone (openssl x509 -in $CERTIFICATE -out public.pem)"
    fi
fi
command -v az >/dev/null || fail "the Azure CLI (az) is not there"

# Changes something, or says that it would.
change() {
    printf '%s' "$([[ $APPLY == yes ]] && echo 'doing:' || echo 'would do:')" && printf ' %q' "$@" && printf '\n'
    [[ $APPLY == no ]] || "$@" >/dev/null
}

# The app registrations of exactly this name; --display-name would find every name that begins with it.
apps() {
    az ad app list --filter "displayName eq '${NAME//\'/\'\'}'" --query '[].appId' --output tsv
}

graph_home() {
    local graph
    graph=$(az cloud show --query endpoints.microsoftGraphResourceId --output tsv)
    printf '%s/v1.0' "${graph%/}"
}

# The app roles that were consented to, by whatever way: they count, whether the registration asks for them or not.
consented() {
    az rest --method get --url "$(graph_home)/servicePrincipals/$1/appRoleAssignments" --query 'value[].appRoleId' --output tsv
}

role_id() {
    az ad sp show --id "$GRAPH" --query "appRoles[?value=='$1'].id | [0]" --output tsv
}

TENANT=$(az account show --query tenantId --output tsv)
FOUND=$(apps)
[[ $(wc -w <<<"$FOUND") -le 1 ]] || fail "several app registrations are called $NAME: choose another --name"

if [[ -n $FOUND ]]; then
    APP=$FOUND
    echo "there already: $NAME ($APP)"
    # Grants add up: what is consented here reaches every mailbox, whatever Exchange's scope says.
    GRANTED=$(az ad app permission list --id "$APP" --query "[?resourceAppId=='$GRAPH'].resourceAccess[].id" --output tsv)
    PRINCIPAL=$(az ad sp list --filter "appId eq '$APP'" --query '[].id' --output tsv)
    if [[ -n $PRINCIPAL ]]; then
        CONSENTED=$(consented "$PRINCIPAL")
        GRANTED+=$'\n'$CONSENTED
    fi
    ROLES=$(az ad sp show --id "$GRAPH" --query 'appRoles[].[id, value]' --output tsv)
    WIDE=$(awk 'NR == FNR { granted[$1] = 1; next } $1 in granted { print $2 }' <(printf '%s\n' "$GRANTED") <(printf '%s\n' "$ROLES") | grep -E "$TOO_MUCH" || true)
    if [[ -n $WIDE ]]; then
        fail "$NAME has ${WIDE//$'\n'/, } in Entra, which reaches every mailbox of the tenant: take it out there, setup-exchange.ps1 grants it for one mailbox"
    fi
    [[ -n $PRINCIPAL ]] || change az ad sp create --id "$APP"
else
    change az ad app create --display-name "$NAME" --sign-in-audience AzureADMyOrg
    APP=THE-NEW-APP
    if [[ $APPLY == yes ]]; then
        APP=$(apps)
        [[ -n $APP ]] || fail "the app is made, but not found yet: wait a minute and start this again"
    fi
    change az ad sp create --id "$APP"
fi

[[ $FEDERATED == yes ]] || change az ad app credential reset --id "$APP" --cert "@$CERTIFICATE" --append
for permission in "${PERMISSIONS[@]}"; do
    role=$(role_id "$permission")
    [[ -n $role ]] || fail "Microsoft Graph has no permission $permission"
    change az ad app permission add --id "$APP" --api "$GRAPH" --api-permissions "$role=Role"
    echo "  ($permission)"
done
change az ad app permission admin-consent --id "$APP"

# The permission alone reaches nothing: what it reaches is granted on the file or the site, to read.
REFUSED=
if [[ -n $FILE$SITE ]]; then
    # What is named by its path ends with a colon of its own.
    [[ $SITE != *:/* ]] || SITE+=:
    WHERE=$(graph_home)/${FILE:-sites/$SITE}/permissions
    BODY="{\"roles\": [\"read\"], \"grantedToV2\": {\"application\": {\"id\": \"$APP\"}}}"
    [[ -z $SITE ]] || BODY="{\"roles\": [\"read\"], \"grantedToIdentities\": [{\"application\": {\"id\": \"$APP\", \"displayName\": \"kursusbot\"}}]}"
    change az rest --method post --url "$WHERE" --headers Content-Type=application/json --body "$BODY" || REFUSED=yes
fi

echo
if [[ $APPLY == yes ]]; then
    OBJECT=$(az ad sp show --id "$APP" --query id --output tsv)
    echo "KURSUSBOT_GRAPH__CREDENTIAL=$([[ $FEDERATED == yes ]] && echo workload_identity || echo certificate)"
    echo "KURSUSBOT_GRAPH__TENANT_ID=$TENANT"
    echo "KURSUSBOT_GRAPH__CLIENT_ID=$APP"
    [[ -z $FILE ]] || echo "KURSUSBOT_PLAN=$FILE"
    echo "next: pwsh setup-exchange.ps1 -AppId $APP -ObjectId $OBJECT -Mailbox kurser@kommune.example"
    if [[ $FEDERATED == yes ]]; then
        echo "and let the pod's service account sign in, with the issuer and the namespace of your cluster:"
        printf "az ad app federated-credential create --id %s --parameters '%s'\n" "$APP" \
            '{"name": "kursusbot", "issuer": "https://ISSUER", "subject": "system:serviceaccount:NAMESPACE:kursusbot", "audiences": ["api://AzureADTokenExchange"]}'
    fi
else
    echo "Nothing was changed. Once more with --apply does it (tenant $TENANT)."
fi
if [[ -n $REFUSED ]]; then
    # The Azure CLI signs in with rights of its own, and those to grant on files and sites are mostly not among them.
    echo "still to do: the Azure CLI was not allowed to grant the right to ${FILE:-$SITE}. Somebody who may (Sites.FullControl.All) does it in Graph Explorer:" >&2
    printf 'POST %s\n%s\n' "$WHERE" "$BODY" >&2
    exit 1
fi
