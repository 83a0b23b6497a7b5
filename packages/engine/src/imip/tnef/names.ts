// table: keys of MAPI properties, by what they are called in MS-OXPROPS

/** Names the properties a meeting is read from. */
export const property = {
  /** PidTagMessageClass */
  messageClass: "1a",
  /** PidTagSubject */
  subject: "37",
  /** PidTagNormalizedSubject: without the prefix an answer adds */
  normalizedSubject: "e1d",
  /** PidTagConversationTopic */
  topic: "70",
  /** PidTagClientSubmitTime */
  submitted: "39",
  /** PidTagStartDate, PidTagEndDate */
  startDate: "60",
  endDate: "61",
  /** PidTagResponseRequested */
  responseRequested: "63",
  /** PidTagBody */
  body: "1000",
  /** PidTagSentRepresentingName, …AddressType, …EmailAddress, …SmtpAddress */
  representedName: "42",
  representedType: "64",
  representedAddress: "65",
  representedSmtp: "5d02",
  /** PidTagSenderAddressType, …EmailAddress, …SmtpAddress */
  senderType: "c1e",
  senderAddress: "c1f",
  senderSmtp: "5d01",
  /** PidTagReceivedRepresentingAddressType, …EmailAddress, …SmtpAddress */
  receiverType: "77",
  receiverAddress: "78",
  receiverSmtp: "5d08",
  /** PidTagRecipientType, PidTagRecipientFlags */
  recipientType: "c15",
  recipientFlags: "5ffd",
  /** PidTagDisplayName, PidTagAddressType, PidTagEmailAddress, PidTagSmtpAddress */
  displayName: "3001",
  addressType: "3002",
  emailAddress: "3003",
  smtpAddress: "39fe",
  /** PidLidAppointmentSequence */
  sequence: "appointment 8201",
  /** PidLidBusyStatus */
  busyStatus: "appointment 8205",
  /** PidLidLocation */
  location: "appointment 8208",
  /** PidLidAppointmentStartWhole, …EndWhole */
  start: "appointment 820d",
  end: "appointment 820e",
  /** PidLidAppointmentSubType: whole days */
  wholeDays: "appointment 8215",
  /** PidLidAppointmentRecur */
  recurrence: "appointment 8216",
  /** PidLidRecurring */
  recurring: "appointment 8223",
  /** PidLidExceptionReplaceTime */
  replacedTime: "appointment 8228",
  /** PidLidTimeZoneStruct, PidLidTimeZoneDescription */
  zone: "appointment 8233",
  zoneWords: "appointment 8234",
  /** PidLidAppointmentTimeZoneDefinitionStartDisplay, …Recur */
  zoneOfStart: "appointment 825e",
  zoneOfSeries: "appointment 8260",
  /** PidLidAppointmentProposedStartWhole, …EndWhole, PidLidAppointmentCounterProposal */
  proposedStart: "appointment 8250",
  proposedEnd: "appointment 8251",
  isProposal: "appointment 8257",
  /** PidLidAttendeeCriticalChange, PidLidOwnerCriticalChange */
  attendeeChange: "meeting 1",
  ownerChange: "meeting 1a",
  /** PidLidWhere */
  where: "meeting 2",
  /** PidLidGlobalObjectId, PidLidCleanGlobalObjectId */
  globalId: "meeting 3",
  cleanGlobalId: "meeting 23",
  /** PidLidIsRecurring, PidLidIsException */
  isRecurring: "meeting 5",
  isException: "meeting a",
} as const;
