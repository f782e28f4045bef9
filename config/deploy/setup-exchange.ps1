#Requires -Version 7
<#
.SYNOPSIS
    Lets kursusbot's app work in one mailbox, by RBAC for Applications in Exchange Online, and in no other.
.DESCRIPTION
    Says what it would do; does it only with -Apply. Needs the module ExchangeOnlineManagement and the role Organization Management.
    Changes can take two hours to count. Told in docs/install.md.
.EXAMPLE
    ./setup-exchange.ps1 -AppId 00000000-0000-0000-0000-000000000000 -ObjectId 00000000-0000-0000-0000-000000000000 -Mailbox kurser@kommune.example
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [guid] $AppId,
    # Of the service principal (Enterprise applications), not of the app registration.
    [Parameter(Mandatory)] [guid] $ObjectId,
    [Parameter(Mandatory)] [ValidatePattern('^[^@\s'']+@[^@\s'']+$')] [string] $Mailbox,
    [string] $Name = 'kursusbot',
    # Without messages: the calendar alone.
    [switch] $CalendarOnly,
    [switch] $Apply
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$roles = @('Application Calendars.ReadWrite', 'Application MailboxSettings.Read')
if (-not $CalendarOnly) { $roles += @('Application Mail.ReadWrite', 'Application Mail.Send') }
$scope = "$Name mailbox"

function Step([string] $Told, [scriptblock] $Action) {
    if ($Apply) { Write-Output "doing: $Told"; & $Action | Out-Null } else { Write-Output "would do: $Told" }
}

if (-not (Get-Command Get-ServicePrincipal -ErrorAction SilentlyContinue)) { Connect-ExchangeOnline -ShowBanner:$false }

if (-not (Get-EXOMailbox -Identity $Mailbox -ErrorAction SilentlyContinue)) { throw "There is no mailbox $Mailbox." }

$principal = Get-ServicePrincipal | Where-Object { $_.AppId -eq $AppId }
if (-not $principal) {
    Step "let Exchange know the app $AppId" { New-ServicePrincipal -AppId $AppId -ObjectId $ObjectId -DisplayName $Name }
}

if (-not (Get-ManagementScope | Where-Object { $_.Name -eq $scope })) {
    Step "make the scope '$scope' that holds $Mailbox alone" { New-ManagementScope -Name $scope -RecipientRestrictionFilter "PrimarySmtpAddress -eq '$Mailbox'" }
}

foreach ($role in $roles) {
    $assignment = "$Name $($role -replace '^Application ', '')"
    if (-not (Get-ManagementRoleAssignment | Where-Object { $_.Name -eq $assignment })) {
        Step "grant '$role' in the scope '$scope'" { New-ManagementRoleAssignment -Name $assignment -App $ObjectId -Role $role -CustomResourceScope $scope }
    }
}

if ($Apply) {
    Write-Output "What the app may do in ${Mailbox}:"
    Test-ServicePrincipalAuthorization -Identity $ObjectId -Resource $Mailbox | Format-Table RoleName, GrantedPermissions, AllowedResourceScope, InScope
    Write-Output 'InScope must be True here, and False for any other mailbox. It can take two hours to count.'
}
else {
    Write-Output 'Nothing was changed. Once more with -Apply does it.'
}
