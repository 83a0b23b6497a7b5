// table: names of time zones in Microsoft's and IBM's programs

/**
 * The IANA zones that Windows has a name for: in each the place Windows means first.
 *
 * After the zone comes the name Windows gives it, without case and without its "Standard Time". Then what Windows and Exchange show
 * to people, by the first place named, without case, spaces and signs: "(UTC+01:00) Amsterdam, Berlin, ..." is `amsterdam`, and
 * `=` the place the zone itself is named after. Only places that were never moved to another zone.
 */
export const windowsZones = `
Africa/Cairo,egypt,=
Africa/Casablanca,morocco,=
Africa/Johannesburg,south africa,harare
Africa/Juba,south sudan
Africa/Khartoum,sudan
Africa/Lagos,w. central africa,westcentralafrica
Africa/Nairobi,e. africa,=
Africa/Sao_Tome,sao tome
Africa/Tripoli,libya
Africa/Windhoek,namibia
America/Adak,aleutian
America/Anchorage,alaskan,alaska
America/Araguaina,tocantins
America/Argentina/Buenos_Aires,argentina,=
America/Asuncion,paraguay
America/Bahia,bahia
America/Bogota,sa pacific,=
America/Cancun,eastern (mexico)
America/Caracas,venezuela
America/Cayenne,sa eastern
America/Chicago,central,centraltime,centraltimeuscanada
America/Cuiaba,central brazilian
America/Denver,mountain,mountaintime,mountaintimeuscanada
America/Grand_Turk,turks and caicos
America/Guatemala,central america,centralamerica
America/Halifax,atlantic,atlantictime,atlantictimecanada
America/Havana,cuba
America/Indiana/Indianapolis,us eastern,indianaeast
America/La_Paz,sa western
America/Los_Angeles,pacific,pacifictime,pacifictimeuscanada
America/Mazatlan,mexico 2
America/Mazatlan,mountain (mexico),chihuahua
America/Mexico_City,central (mexico),guadalajara
America/Mexico_City,mexico
America/Miquelon,saint pierre
America/Montevideo,montevideo
America/New_York,eastern,easterntime,easterntimeuscanada
America/Nuuk,greenland
America/Phoenix,us mountain,arizona
America/Port-au-Prince,haiti
America/Punta_Arenas,magallanes
America/Regina,canada central,saskatchewan
America/Santiago,pacific sa,=
America/Sao_Paulo,e. south america,brasilia
America/St_Johns,newfoundland,newfoundland
America/Tijuana,pacific (mexico)
America/Whitehorse,yukon
Asia/Amman,jordan
Asia/Baghdad,arabic
Asia/Baku,azerbaijan
Asia/Bangkok,se asia,=
Asia/Barnaul,altai
Asia/Beirut,middle east
Asia/Bishkek,central asia
Asia/Chita,transbaikal
Asia/Colombo,sri lanka,srijayawardenapura,srijayawardenepura
Asia/Damascus,syria
Asia/Dhaka,bangladesh
Asia/Dubai,arabian,abudhabi
Asia/Hebron,west bank
Asia/Hovd,w. mongolia
Asia/Irkutsk,north asia east
Asia/Jerusalem,israel,=
Asia/Kabul,afghanistan,=
Asia/Kamchatka,kamchatka
Asia/Kamchatka,russia time zone 11
Asia/Karachi,pakistan,=,islamabad
Asia/Kathmandu,nepal,=
Asia/Kolkata,india,=,calcutta,chennai
Asia/Krasnoyarsk,north asia
Asia/Magadan,magadan
Asia/Novosibirsk,n. central asia
Asia/Omsk,omsk
Asia/Pyongyang,north korea
Asia/Qyzylorda,qyzylorda
Asia/Riyadh,arab,kuwait
Asia/Sakhalin,sakhalin
Asia/Seoul,korea,=
Asia/Shanghai,china,beijing,hongkong
Asia/Singapore,singapore,kualalumpur
Asia/Srednekolymsk,russia time zone 10
Asia/Taipei,taipei,=
Asia/Tashkent,west asia,=
Asia/Tbilisi,georgian
Asia/Tehran,iran,=
Asia/Tokyo,tokyo,=,osaka
Asia/Tomsk,tomsk
Asia/Ulaanbaatar,ulaanbaatar
Asia/Vladivostok,vladivostok
Asia/Yakutsk,yakutsk
Asia/Yangon,myanmar,=,rangoon,yangonrangoon
Asia/Yekaterinburg,ekaterinburg
Asia/Yerevan,caucasus
Atlantic/Azores,azores,=
Atlantic/Cape_Verde,cape verde,capeverdeis,capeverdeisland
Atlantic/Reykjavik,greenwich,monrovia
Australia/Adelaide,cen. australia,=
Australia/Brisbane,e. australia,=
Australia/Darwin,aus central,=
Australia/Eucla,aus central w.
Australia/Hobart,tasmania,=
Australia/Lord_Howe,lord howe
Australia/Perth,w. australia,=
Australia/Sydney,aus eastern,=,canberra
Etc/GMT+11,utc-11
Etc/GMT+12,dateline,internationaldatelinewest
Etc/GMT+2,mid-atlantic
Etc/GMT+2,utc-02
Etc/GMT+8,utc-08
Etc/GMT+9,utc-09
Etc/GMT-12,utc+12
Etc/GMT-13,utc+13
Etc/UTC,utc
Europe/Astrakhan,astrakhan
Europe/Berlin,w. europe,amsterdam,westerncentraleurope
Europe/Bucharest,gtb,athens
Europe/Budapest,central europe,belgrade,prague
Europe/Chisinau,e. europe
Europe/Istanbul,turkey
Europe/Kaliningrad,kaliningrad
Europe/Kyiv,fle,helsinki
Europe/London,gmt,dublin,greenwichmeantimedublin
Europe/Minsk,belarus
Europe/Moscow,russian
Europe/Paris,romance,brussels
Europe/Samara,russia time zone 3
Europe/Saratov,saratov
Europe/Volgograd,volgograd
Europe/Warsaw,central european,sarajevo
Indian/Mauritius,mauritius
Pacific/Apia,samoa
Pacific/Auckland,new zealand,=
Pacific/Bougainville,bougainville
Pacific/Chatham,chatham islands
Pacific/Easter,easter island
Pacific/Fiji,fiji
Pacific/Guadalcanal,central pacific
Pacific/Honolulu,hawaiian,hawaii
Pacific/Kiritimati,line islands
Pacific/Marquesas,marquesas
Pacific/Norfolk,norfolk
Pacific/Port_Moresby,west pacific,guam
Pacific/Tongatapu,tonga`;
