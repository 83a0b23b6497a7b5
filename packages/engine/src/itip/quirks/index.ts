/** Names of the tolerated deviations, each in the file of that name. */
export type QuirkName = "reply-without-organizer";
