#!/usr/bin/env bash
# Registers the bot that the Teams app speaks with, by one of two ways: an Azure Bot (free, F0), or a bot that Teams manages, without Azure.
# Says what it would do; does it only with --apply. The Azure way needs the Azure CLI, signed in (az login); the other Node.js and npx, signed in by
# npx @microsoft/teams.cli login. The secret is written to a file and never shown. Told in docs/microsoft365.md#teams.
set -euo pipefail

NAME=kursusbot-teams
ENDPOINT=
WAY=
GROUP=
IDENTITY=
SETTINGS=
APPLY=no
TEAMS_CLI=@microsoft/teams.cli@3

usage() {
    cat <<'END'
setup-bot.sh --host HOST (--azure --resource-group GROUP [--identity RESOURCE] | --teams-managed) [--settings FILE] [--name NAME] [--apply]

  --host HOST             of the pages, as in KURSUSBOT_WEB__BASE_URL: Teams calls https://HOST/bot/messages
  --azure                 an Azure Bot, single tenant, in the free tier
  --resource-group GROUP  where it stands; it has to be there
  --identity RESOURCE     a user-assigned managed identity (/subscriptions/…) in the place of a secret
  --teams-managed         a bot that Teams manages: no subscription is needed
  --settings FILE         a new file for the settings, with the secret in it; needed with --apply
  --name NAME             of the bot and its app registration (default: kursusbot-teams)
  --apply                 do it; without it nothing is changed
END
}

fail() {
    printf '%s\n' "$*" >&2
    exit 2
}

while (($#)); do
    case $1 in
        --host) ENDPOINT=https://${2:?--host needs a value}/bot/messages && shift 2 ;;
        --azure) [[ -z $WAY ]] || fail "--azure or --teams-managed, not both" && WAY=azure && shift ;;
        --teams-managed) [[ -z $WAY ]] || fail "--azure or --teams-managed, not both" && WAY=teams && shift ;;
        --resource-group) GROUP=${2:?--resource-group needs a value} && shift 2 ;;
        --identity) IDENTITY=${2:?--identity needs a value} && shift 2 ;;
        --settings) SETTINGS=${2:?--settings needs a value} && shift 2 ;;
        --name) NAME=${2:?--name needs a value} && shift 2 ;;
        --apply) APPLY=yes && shift ;;
        -h | --help) usage && exit 0 ;;
        *) usage >&2 && fail "unknown: $1" ;;
    esac
done

[[ -n $ENDPOINT ]] || { usage >&2 && fail "--host is missing"; }
[[ $ENDPOINT =~ ^https://[A-Za-z0-9.-]+(:[0-9]+)?/bot/messages$ ]] || fail "--host is a name alone, such as kurser.kommune.example"
[[ $NAME =~ ^[A-Za-z0-9_-]{4,42}$ ]] || fail "--name has 4 to 42 letters, digits, - and _"
case $WAY in
    azure)
        [[ -n $GROUP ]] || fail "--resource-group is missing"
        [[ -z $IDENTITY || $IDENTITY =~ ^/subscriptions/[^/]+/resource[gG]roups/[^/]+/providers/Microsoft.ManagedIdentity/userAssignedIdentities/[^/]+$ ]] ||
            fail "--identity is the resource's whole id, as az identity show --query id tells it"
        command -v az >/dev/null || fail "the Azure CLI (az) is not there"
        ;;
    teams)
        [[ -z $GROUP$IDENTITY ]] || fail "--resource-group and --identity are the Azure Bot's"
        command -v npx >/dev/null || fail "npx (Node.js) is not there"
        ;;
    *) usage >&2 && fail "--azure or --teams-managed is missing" ;;
esac
if [[ $APPLY == yes ]]; then
    [[ -n $SETTINGS ]] || fail "--settings is missing: the secret has to go somewhere"
    [[ ! -e $SETTINGS ]] || fail "$SETTINGS is there already: choose another --settings, nothing is written over"
fi

# Changes something, or says that it would.
change() {
    printf '%s' "$([[ $APPLY == yes ]] && echo 'doing:' || echo 'would do:')" && printf ' %q' "$@" && printf '\n'
    [[ $APPLY == no ]] || "$@" >/dev/null
}

# Writes the settings where nobody else can read them.
write_settings() {
    (umask 077 && printf '%s\n' "KURSUSBOT_BOT__APP_ID=$1" "KURSUSBOT_BOT__TENANT_ID=$2" "$3" >"$SETTINGS")
}

# A value of the file that the Teams CLI writes, with quotation marks or without.
said() {
    sed -n "s/^$1=//p" "$2" | tail -n 1 | tr -d '"\r'
}

if [[ $WAY == azure ]]; then
    TENANT=$(az account show --query tenantId --output tsv)
    # A name is taken as it is; --display-name would find every one that begins with it.
    [[ -n $(az group show --name "$GROUP" --query id --output tsv 2>/dev/null) ]] || fail "there is no resource group $GROUP in this subscription"
    [[ -z $(az bot show --name "$NAME" --resource-group "$GROUP" --query id --output tsv 2>/dev/null) ]] ||
        fail "there is a bot $NAME already: choose another --name, or change it in the Azure portal (messaging endpoint $ENDPOINT)"
    if [[ -n $IDENTITY ]]; then
        APP=$(az identity show --ids "$IDENTITY" --query clientId --output tsv)
        [[ -n $APP ]] || fail "there is no such managed identity: $IDENTITY"
        KIND=(--app-type UserAssignedMSI --msi-resource-id "$IDENTITY")
    else
        [[ -z $(az ad app list --filter "displayName eq '$NAME'" --query '[].appId' --output tsv) ]] ||
            fail "there is an app registration $NAME already: choose another --name"
        change az ad app create --display-name "$NAME" --sign-in-audience AzureADMyOrg
        APP=THE-NEW-APP
        if [[ $APPLY == yes ]]; then
            APP=$(az ad app list --filter "displayName eq '$NAME'" --query '[].appId' --output tsv)
            [[ -n $APP ]] || fail "the app is made, but not found yet: delete it in Entra, wait a minute and start this again"
        fi
        change az ad sp create --id "$APP"
        KIND=(--app-type SingleTenant)
    fi
    change az bot create --resource-group "$GROUP" --name "$NAME" --appid "$APP" "${KIND[@]}" --tenant-id "$TENANT" --sku F0 --endpoint "$ENDPOINT"
    change az bot msteams create --resource-group "$GROUP" --name "$NAME"
    if [[ -n $IDENTITY ]]; then
        [[ $APPLY == no ]] || write_settings "$APP" "$TENANT" "KURSUSBOT_BOT__MANAGED_IDENTITY=$APP"
    elif [[ $APPLY == yes ]]; then
        echo "doing: az ad app credential reset --id $APP --append (the secret goes to $SETTINGS)"
        SECRET=$(az ad app credential reset --id "$APP" --append --display-name kursusbot --query password --output tsv)
        write_settings "$APP" "$TENANT" "KURSUSBOT_BOT__APP_SECRET=$SECRET"
    else
        echo "would do: az ad app credential reset --id $APP --append (the secret goes to the file of --settings)"
    fi
else
    CLI=(npx --yes "$TEAMS_CLI" --yes --disable-auto-update app create --name "$NAME" --endpoint "$ENDPOINT" --teams-managed --sign-in-audience myOrg)
    if [[ $APPLY == yes ]]; then
        FOLDER=$(umask 077 && mktemp -d)
        trap 'rm -rf "$FOLDER"' EXIT
        (umask 077 && : >"$FOLDER/.env")
        change "${CLI[@]}" --env "$FOLDER/.env"
        APP=$(said CLIENT_ID "$FOLDER/.env")
        TENANT=$(said TENANT_ID "$FOLDER/.env")
        SECRET=$(said CLIENT_SECRET "$FOLDER/.env")
        if [[ -z $APP || -z $TENANT || -z $SECRET ]]; then
            fail "the Teams CLI made the bot, but wrote no CLIENT_ID, TENANT_ID and CLIENT_SECRET: look at it on https://dev.teams.microsoft.com/bots"
        fi
        write_settings "$APP" "$TENANT" "KURSUSBOT_BOT__APP_SECRET=$SECRET"
    else
        change "${CLI[@]}" --env FILE
    fi
fi

echo
if [[ $APPLY == yes ]]; then
    echo "The settings are in $SETTINGS: add them to kursusbot's, and delete the file."
    [[ $WAY == azure ]] || echo "The Teams CLI also made an app called $NAME in the developer portal: nobody is given that one."
    echo "next: kursusbot teams-app, and upload the package in the Teams admin centre."
else
    echo "Nothing was changed. Once more with --apply and --settings FILE does it."
fi
