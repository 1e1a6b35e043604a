___TERMS_OF_SERVICE___

By creating or modifying this file you agree to Google Tag Manager's Community
Template Gallery Developer Terms of Service available at
https://developers.google.com/tag-manager/gallery-tos (or such other URL as
Google may provide), as modified from time to time.

___INFO___

{
  "type": "TAG",
  "id": "cvt_temp_public_id",
  "version": 1,
  "securityGroups": [],
  "displayName": "parere",
  "brand": { "id": "brand_parere", "displayName": "parere" },
  "description": "Asks one question in the page: NPS, CES or CSAT.",
  "containerContexts": ["WEB"]
}

___TEMPLATE_PARAMETERS___

[
  {
    "type": "TEXT",
    "name": "collector",
    "displayName": "Address of your collector",
    "valueHint": "https://feedback.example",
    "simpleValueType": true,
    "valueValidators": [{ "type": "REGEX", "args": ["https://[^/]+.*"] }]
  },
  {
    "type": "TEXT",
    "name": "site",
    "displayName": "Site key",
    "valueHint": "pk_demo",
    "simpleValueType": true,
    "valueValidators": [{ "type": "REGEX", "args": ["pk_[a-z0-9_]{1,61}"] }]
  },
  {
    "type": "TEXT",
    "name": "event",
    "displayName": "Event to report, if this tag reports one",
    "valueHint": "return_finished",
    "simpleValueType": true
  },
  {
    "type": "SELECT",
    "name": "consent",
    "displayName": "Consent",
    "selectItems": [
      { "value": "", "displayValue": "parere decides" },
      { "value": "granted", "displayValue": "granted" },
      { "value": "denied", "displayValue": "denied" }
    ],
    "simpleValueType": true,
    "defaultValue": ""
  }
]

___SANDBOXED_JS_FOR_WEB_TEMPLATE___

const copyFromWindow = require('copyFromWindow');
const createQueue = require('createQueue');
const encodeUri = require('encodeUri');
const injectScript = require('injectScript');
const setInWindow = require('setInWindow');

let collector = data.collector;
while (collector.charAt(collector.length - 1) === '/') {
  collector = collector.substring(0, collector.length - 1);
}
if (!copyFromWindow('parere')) {
  setInWindow('parere', { q: [] });
}
// Calls that come before the tag has run wait in its queue.
const say = createQueue('parere.q');
if (data.consent) {
  say(['consent', data.consent]);
}
if (data.event) {
  say(['track', data.event]);
}
const address = encodeUri(collector + '/v1/' + data.site + '.js');
injectScript(address, data.gtmOnSuccess, data.gtmOnFailure, address);

___WEB_PERMISSIONS___

[
  {
    "instance": {
      "key": { "publicId": "access_globals", "versionId": "1" },
      "param": [
        {
          "key": "keys",
          "value": {
            "type": 2,
            "listItem": [
              {
                "type": 3,
                "mapKey": [
                  { "type": 1, "string": "key" },
                  { "type": 1, "string": "read" },
                  { "type": 1, "string": "write" },
                  { "type": 1, "string": "execute" }
                ],
                "mapValue": [
                  { "type": 1, "string": "parere" },
                  { "type": 8, "boolean": true },
                  { "type": 8, "boolean": true },
                  { "type": 8, "boolean": false }
                ]
              },
              {
                "type": 3,
                "mapKey": [
                  { "type": 1, "string": "key" },
                  { "type": 1, "string": "read" },
                  { "type": 1, "string": "write" },
                  { "type": 1, "string": "execute" }
                ],
                "mapValue": [
                  { "type": 1, "string": "parere.q" },
                  { "type": 8, "boolean": true },
                  { "type": 8, "boolean": true },
                  { "type": 8, "boolean": false }
                ]
              }
            ]
          }
        }
      ]
    },
    "clientAnnotations": { "isEditedByUser": true },
    "isRequired": true
  },
  {
    "instance": {
      "key": { "publicId": "inject_script", "versionId": "1" },
      "param": [
        {
          "key": "urls",
          "value": { "type": 2, "listItem": [{ "type": 1, "string": "https://feedback.example/v1/*" }] }
        }
      ]
    },
    "clientAnnotations": { "isEditedByUser": true },
    "isRequired": true
  }
]

___TESTS___

scenarios: []

___NOTES___

Change the address under Permissions, Injects Scripts, to that of your collector.
