// Written by web/scripts/emoji.mjs from emojibase-data 17.0.0 (MIT, © 2017-2019 Miles Johnson). Do not edit.
export default `😀	grinning
😃	smiley
😄	smile
😁	grin
😆	laughing satisfied
😅	sweat_smile
🤣	rolling_on_the_floor_laughing
😂	joy
🙂	slightly_smiling_face
🙃	upside_down_face
🫠	melting_face
😉	wink
😊	blush
😇	innocent
🥰	smiling_face_with_3_hearts
😍	heart_eyes
🤩	star-struck grinning_face_with_star_eyes
😘	kissing_heart
😗	kissing
☺️	relaxed
😚	kissing_closed_eyes
😙	kissing_smiling_eyes
🥲	smiling_face_with_tear
😋	yum
😛	stuck_out_tongue
😜	stuck_out_tongue_winking_eye
🤪	zany_face grinning_face_with_one_large_and_one_small_eye
😝	stuck_out_tongue_closed_eyes
🤑	money_mouth_face
🤗	hugging_face
🤭	face_with_hand_over_mouth smiling_face_with_smiling_eyes_and_hand_covering_mouth
🫢	face_with_open_eyes_and_hand_over_mouth
🫣	face_with_peeking_eye
🤫	shushing_face face_with_finger_covering_closed_lips
🤔	thinking_face
🫡	saluting_face
🤐	zipper_mouth_face
🤨	face_with_raised_eyebrow face_with_one_eyebrow_raised
😐	neutral_face
😑	expressionless
😶	no_mouth
🫥	dotted_line_face
😶‍🌫️	face_in_clouds
😏	smirk
😒	unamused
🙄	face_with_rolling_eyes
😬	grimacing
😮‍💨	face_exhaling
🤥	lying_face
🫨	shaking_face
🙂‍↔️	head_shaking_horizontally
🙂‍↕️	head_shaking_vertically
😌	relieved
😔	pensive
😪	sleepy
🤤	drooling_face
😴	sleeping
🫩	face_with_bags_under_eyes
😷	mask
🤒	face_with_thermometer
🤕	face_with_head_bandage
🤢	nauseated_face
🤮	face_vomiting face_with_open_mouth_vomiting
🤧	sneezing_face
🥵	hot_face
🥶	cold_face
🥴	woozy_face
😵	dizzy_face
😵‍💫	face_with_spiral_eyes
🤯	exploding_head shocked_face_with_exploding_head
🤠	face_with_cowboy_hat
🥳	partying_face
🥸	disguised_face
😎	sunglasses
🤓	nerd_face
🧐	face_with_monocle
😕	confused
🫤	face_with_diagonal_mouth
😟	worried
🙁	slightly_frowning_face
☹️	white_frowning_face
😮	open_mouth
😯	hushed
😲	astonished
😳	flushed
🫪	distorted_face
🥺	pleading_face
🥹	face_holding_back_tears
😦	frowning
😧	anguished
😨	fearful
😰	cold_sweat
😥	disappointed_relieved
😢	cry
😭	sob
😱	scream
😖	confounded
😣	persevere
😞	disappointed
😓	sweat
😩	weary
😫	tired_face
🥱	yawning_face
😤	triumph
😡	rage
😠	angry
🤬	face_with_symbols_on_mouth serious_face_with_symbols_covering_mouth
😈	smiling_imp
👿	imp
💀	skull
☠️	skull_and_crossbones
💩	hankey poop shit
🤡	clown_face
👹	japanese_ogre
👺	japanese_goblin
👻	ghost
👽	alien
👾	space_invader
🤖	robot_face
😺	smiley_cat
😸	smile_cat
😹	joy_cat
😻	heart_eyes_cat
😼	smirk_cat
😽	kissing_cat
🙀	scream_cat
😿	crying_cat_face
😾	pouting_cat
🙈	see_no_evil
🙉	hear_no_evil
🙊	speak_no_evil
💌	love_letter
💘	cupid
💝	gift_heart
💖	sparkling_heart
💗	heartpulse
💓	heartbeat
💞	revolving_hearts
💕	two_hearts
💟	heart_decoration
❣️	heavy_heart_exclamation_mark_ornament
💔	broken_heart
❤️‍🔥	heart_on_fire
❤️‍🩹	mending_heart
❤️	heart
🩷	pink_heart
🧡	orange_heart
💛	yellow_heart
💚	green_heart
💙	blue_heart
🩵	light_blue_heart
💜	purple_heart
🤎	brown_heart
🖤	black_heart
🩶	grey_heart
🤍	white_heart
💋	kiss
💯	100
💢	anger
🫯	fight_cloud
💥	boom collision
💫	dizzy
💦	sweat_drops
💨	dash
🕳️	hole
💬	speech_balloon
👁️‍🗨️	eye-in-speech-bubble
🗨️	left_speech_bubble
🗯️	right_anger_bubble
💭	thought_balloon
💤	zzz
👋	wave	1
🤚	raised_back_of_hand	1
🖐️	raised_hand_with_fingers_splayed	1
✋	hand raised_hand	1
🖖	spock-hand	1
🫱	rightwards_hand	1
🫲	leftwards_hand	1
🫳	palm_down_hand	1
🫴	palm_up_hand	1
🫷	leftwards_pushing_hand	1
🫸	rightwards_pushing_hand	1
👌	ok_hand	1
🤌	pinched_fingers	1
🤏	pinching_hand	1
✌️	v	1
🤞	crossed_fingers hand_with_index_and_middle_fingers_crossed	1
🫰	hand_with_index_finger_and_thumb_crossed	1
🤟	i_love_you_hand_sign	1
🤘	the_horns sign_of_the_horns	1
🤙	call_me_hand	1
👈	point_left	1
👉	point_right	1
👆	point_up_2	1
🖕	middle_finger reversed_hand_with_middle_finger_extended	1
👇	point_down	1
☝️	point_up	1
🫵	index_pointing_at_the_viewer	1
👍	+1 thumbsup	1
👎	-1 thumbsdown	1
✊	fist	1
👊	facepunch punch	1
🤛	left-facing_fist	1
🤜	right-facing_fist	1
👏	clap	1
🙌	raised_hands	1
🫶	heart_hands	1
👐	open_hands	1
🤲	palms_up_together	1
🤝	handshake	1
🙏	pray	1
✍️	writing_hand	1
💅	nail_care	1
🤳	selfie	1
💪	muscle	1
🦾	mechanical_arm
🦿	mechanical_leg
🦵	leg	1
🦶	foot	1
👂	ear	1
🦻	ear_with_hearing_aid	1
👃	nose	1
🧠	brain
🫀	anatomical_heart
🫁	lungs
🦷	tooth
🦴	bone
👀	eyes
👁️	eye
👅	tongue
👄	lips
🫦	biting_lip
👶	baby	1
🧒	child	1
👦	boy	1
👧	girl	1
🧑	adult	1
👱	person_with_blond_hair	1
👨	man	1
🧔	bearded_person	1
🧔‍♂️	man_with_beard	1
🧔‍♀️	woman_with_beard	1
👨‍🦰	red_haired_man	1
👨‍🦱	curly_haired_man	1
👨‍🦳	white_haired_man	1
👨‍🦲	bald_man	1
👩	woman	1
👩‍🦰	red_haired_woman	1
🧑‍🦰	red_haired_person	1
👩‍🦱	curly_haired_woman	1
🧑‍🦱	curly_haired_person	1
👩‍🦳	white_haired_woman	1
🧑‍🦳	white_haired_person	1
👩‍🦲	bald_woman	1
🧑‍🦲	bald_person	1
👱‍♀️	blond-haired-woman	1
👱‍♂️	blond-haired-man	1
🧓	older_adult	1
👴	older_man	1
👵	older_woman	1
🙍	person_frowning	1
🙍‍♂️	man-frowning	1
🙍‍♀️	woman-frowning	1
🙎	person_with_pouting_face	1
🙎‍♂️	man-pouting	1
🙎‍♀️	woman-pouting	1
🙅	no_good	1
🙅‍♂️	man-gesturing-no	1
🙅‍♀️	woman-gesturing-no	1
🙆	ok_woman	1
🙆‍♂️	man-gesturing-ok	1
🙆‍♀️	woman-gesturing-ok	1
💁	information_desk_person	1
💁‍♂️	man-tipping-hand	1
💁‍♀️	woman-tipping-hand	1
🙋	raising_hand	1
🙋‍♂️	man-raising-hand	1
🙋‍♀️	woman-raising-hand	1
🧏	deaf_person	1
🧏‍♂️	deaf_man	1
🧏‍♀️	deaf_woman	1
🙇	bow	1
🙇‍♂️	man-bowing	1
🙇‍♀️	woman-bowing	1
🤦	face_palm	1
🤦‍♂️	man-facepalming	1
🤦‍♀️	woman-facepalming	1
🤷	shrug	1
🤷‍♂️	man-shrugging	1
🤷‍♀️	woman-shrugging	1
🧑‍⚕️	health_worker	1
👨‍⚕️	male-doctor	1
👩‍⚕️	female-doctor	1
🧑‍🎓	student	1
👨‍🎓	male-student	1
👩‍🎓	female-student	1
🧑‍🏫	teacher	1
👨‍🏫	male-teacher	1
👩‍🏫	female-teacher	1
🧑‍⚖️	judge	1
👨‍⚖️	male-judge	1
👩‍⚖️	female-judge	1
🧑‍🌾	farmer	1
👨‍🌾	male-farmer	1
👩‍🌾	female-farmer	1
🧑‍🍳	cook	1
👨‍🍳	male-cook	1
👩‍🍳	female-cook	1
🧑‍🔧	mechanic	1
👨‍🔧	male-mechanic	1
👩‍🔧	female-mechanic	1
🧑‍🏭	factory_worker	1
👨‍🏭	male-factory-worker	1
👩‍🏭	female-factory-worker	1
🧑‍💼	office_worker	1
👨‍💼	male-office-worker	1
👩‍💼	female-office-worker	1
🧑‍🔬	scientist	1
👨‍🔬	male-scientist	1
👩‍🔬	female-scientist	1
🧑‍💻	technologist	1
👨‍💻	male-technologist	1
👩‍💻	female-technologist	1
🧑‍🎤	singer	1
👨‍🎤	male-singer	1
👩‍🎤	female-singer	1
🧑‍🎨	artist	1
👨‍🎨	male-artist	1
👩‍🎨	female-artist	1
🧑‍✈️	pilot	1
👨‍✈️	male-pilot	1
👩‍✈️	female-pilot	1
🧑‍🚀	astronaut	1
👨‍🚀	male-astronaut	1
👩‍🚀	female-astronaut	1
🧑‍🚒	firefighter	1
👨‍🚒	male-firefighter	1
👩‍🚒	female-firefighter	1
👮	cop	1
👮‍♂️	male-police-officer	1
👮‍♀️	female-police-officer	1
🕵️	sleuth_or_spy	1
🕵️‍♂️	male-detective	1
🕵️‍♀️	female-detective	1
💂	guardsman	1
💂‍♂️	male-guard	1
💂‍♀️	female-guard	1
🥷	ninja	1
👷	construction_worker	1
👷‍♂️	male-construction-worker	1
👷‍♀️	female-construction-worker	1
🫅	person_with_crown	1
🤴	prince	1
👸	princess	1
👳	man_with_turban	1
👳‍♂️	man-wearing-turban	1
👳‍♀️	woman-wearing-turban	1
👲	man_with_gua_pi_mao	1
🧕	person_with_headscarf	1
🤵	person_in_tuxedo	1
🤵‍♂️	man_in_tuxedo	1
🤵‍♀️	woman_in_tuxedo	1
👰	bride_with_veil	1
👰‍♂️	man_with_veil	1
👰‍♀️	woman_with_veil	1
🤰	pregnant_woman	1
🫃	pregnant_man	1
🫄	pregnant_person	1
🤱	breast-feeding	1
👩‍🍼	woman_feeding_baby	1
👨‍🍼	man_feeding_baby	1
🧑‍🍼	person_feeding_baby	1
👼	angel	1
🎅	santa	1
🤶	mrs_claus mother_christmas	1
🧑‍🎄	mx_claus	1
🦸	superhero	1
🦸‍♂️	male_superhero	1
🦸‍♀️	female_superhero	1
🦹	supervillain	1
🦹‍♂️	male_supervillain	1
🦹‍♀️	female_supervillain	1
🧙	mage	1
🧙‍♂️	male_mage	1
🧙‍♀️	female_mage	1
🧚	fairy	1
🧚‍♂️	male_fairy	1
🧚‍♀️	female_fairy	1
🧛	vampire	1
🧛‍♂️	male_vampire	1
🧛‍♀️	female_vampire	1
🧜	merperson	1
🧜‍♂️	merman	1
🧜‍♀️	mermaid	1
🧝	elf	1
🧝‍♂️	male_elf	1
🧝‍♀️	female_elf	1
🧞	genie
🧞‍♂️	male_genie
🧞‍♀️	female_genie
🧟	zombie
🧟‍♂️	male_zombie
🧟‍♀️	female_zombie
🧌	troll
🫈	hairy_creature
💆	massage	1
💆‍♂️	man-getting-massage	1
💆‍♀️	woman-getting-massage	1
💇	haircut	1
💇‍♂️	man-getting-haircut	1
💇‍♀️	woman-getting-haircut	1
🚶	walking	1
🚶‍♂️	man-walking	1
🚶‍♀️	woman-walking	1
🚶‍➡️	person_walking_facing_right	1
🚶‍♀️‍➡️	woman_walking_facing_right	1
🚶‍♂️‍➡️	man_walking_facing_right	1
🧍	standing_person	1
🧍‍♂️	man_standing	1
🧍‍♀️	woman_standing	1
🧎	kneeling_person	1
🧎‍♂️	man_kneeling	1
🧎‍♀️	woman_kneeling	1
🧎‍➡️	person_kneeling_facing_right	1
🧎‍♀️‍➡️	woman_kneeling_facing_right	1
🧎‍♂️‍➡️	man_kneeling_facing_right	1
🧑‍🦯	person_with_probing_cane	1
🧑‍🦯‍➡️	person_with_white_cane_facing_right	1
👨‍🦯	man_with_probing_cane	1
👨‍🦯‍➡️	man_with_white_cane_facing_right	1
👩‍🦯	woman_with_probing_cane	1
👩‍🦯‍➡️	woman_with_white_cane_facing_right	1
🧑‍🦼	person_in_motorized_wheelchair	1
🧑‍🦼‍➡️	person_in_motorized_wheelchair_facing_right	1
👨‍🦼	man_in_motorized_wheelchair	1
👨‍🦼‍➡️	man_in_motorized_wheelchair_facing_right	1
👩‍🦼	woman_in_motorized_wheelchair	1
👩‍🦼‍➡️	woman_in_motorized_wheelchair_facing_right	1
🧑‍🦽	person_in_manual_wheelchair	1
🧑‍🦽‍➡️	person_in_manual_wheelchair_facing_right	1
👨‍🦽	man_in_manual_wheelchair	1
👨‍🦽‍➡️	man_in_manual_wheelchair_facing_right	1
👩‍🦽	woman_in_manual_wheelchair	1
👩‍🦽‍➡️	woman_in_manual_wheelchair_facing_right	1
🏃	runner running	1
🏃‍♂️	man-running	1
🏃‍♀️	woman-running	1
🏃‍➡️	person_running_facing_right	1
🏃‍♀️‍➡️	woman_running_facing_right	1
🏃‍♂️‍➡️	man_running_facing_right	1
🧑‍🩰	ballet_dancer	1
💃	dancer	1
🕺	man_dancing	1
🕴️	man_in_business_suit_levitating	1
👯	dancers	1
👯‍♂️	men-with-bunny-ears-partying man-with-bunny-ears-partying	1
👯‍♀️	women-with-bunny-ears-partying woman-with-bunny-ears-partying	1
🧖	person_in_steamy_room	1
🧖‍♂️	man_in_steamy_room	1
🧖‍♀️	woman_in_steamy_room	1
🧗	person_climbing	1
🧗‍♂️	man_climbing	1
🧗‍♀️	woman_climbing	1
🤺	fencer
🏇	horse_racing	1
⛷️	skier
🏂	snowboarder	1
🏌️	golfer	1
🏌️‍♂️	man-golfing	1
🏌️‍♀️	woman-golfing	1
🏄	surfer	1
🏄‍♂️	man-surfing	1
🏄‍♀️	woman-surfing	1
🚣	rowboat	1
🚣‍♂️	man-rowing-boat	1
🚣‍♀️	woman-rowing-boat	1
🏊	swimmer	1
🏊‍♂️	man-swimming	1
🏊‍♀️	woman-swimming	1
⛹️	person_with_ball	1
⛹️‍♂️	man-bouncing-ball	1
⛹️‍♀️	woman-bouncing-ball	1
🏋️	weight_lifter	1
🏋️‍♂️	man-lifting-weights	1
🏋️‍♀️	woman-lifting-weights	1
🚴	bicyclist	1
🚴‍♂️	man-biking	1
🚴‍♀️	woman-biking	1
🚵	mountain_bicyclist	1
🚵‍♂️	man-mountain-biking	1
🚵‍♀️	woman-mountain-biking	1
🤸	person_doing_cartwheel	1
🤸‍♂️	man-cartwheeling	1
🤸‍♀️	woman-cartwheeling	1
🤼	wrestlers	1
🤼‍♂️	man-wrestling	1
🤼‍♀️	woman-wrestling	1
🤽	water_polo	1
🤽‍♂️	man-playing-water-polo	1
🤽‍♀️	woman-playing-water-polo	1
🤾	handball	1
🤾‍♂️	man-playing-handball	1
🤾‍♀️	woman-playing-handball	1
🤹	juggling	1
🤹‍♂️	man-juggling	1
🤹‍♀️	woman-juggling	1
🧘	person_in_lotus_position	1
🧘‍♂️	man_in_lotus_position	1
🧘‍♀️	woman_in_lotus_position	1
🛀	bath	1
🛌	sleeping_accommodation	1
🧑‍🤝‍🧑	people_holding_hands	2
👭	two_women_holding_hands women_holding_hands	1
👫	man_and_woman_holding_hands woman_and_man_holding_hands couple	1
👬	two_men_holding_hands men_holding_hands	1
💏	couplekiss	1
👩‍❤️‍💋‍👨	woman-kiss-man	2
👨‍❤️‍💋‍👨	man-kiss-man	2
👩‍❤️‍💋‍👩	woman-kiss-woman	2
💑	couple_with_heart	1
👩‍❤️‍👨	woman-heart-man	2
👨‍❤️‍👨	man-heart-man	2
👩‍❤️‍👩	woman-heart-woman	2
👨‍👩‍👦	man-woman-boy
👨‍👩‍👧	man-woman-girl
👨‍👩‍👧‍👦	man-woman-girl-boy
👨‍👩‍👦‍👦	man-woman-boy-boy
👨‍👩‍👧‍👧	man-woman-girl-girl
👨‍👨‍👦	man-man-boy
👨‍👨‍👧	man-man-girl
👨‍👨‍👧‍👦	man-man-girl-boy
👨‍👨‍👦‍👦	man-man-boy-boy
👨‍👨‍👧‍👧	man-man-girl-girl
👩‍👩‍👦	woman-woman-boy
👩‍👩‍👧	woman-woman-girl
👩‍👩‍👧‍👦	woman-woman-girl-boy
👩‍👩‍👦‍👦	woman-woman-boy-boy
👩‍👩‍👧‍👧	woman-woman-girl-girl
👨‍👦	man-boy
👨‍👦‍👦	man-boy-boy
👨‍👧	man-girl
👨‍👧‍👦	man-girl-boy
👨‍👧‍👧	man-girl-girl
👩‍👦	woman-boy
👩‍👦‍👦	woman-boy-boy
👩‍👧	woman-girl
👩‍👧‍👦	woman-girl-boy
👩‍👧‍👧	woman-girl-girl
🗣️	speaking_head_in_silhouette
👤	bust_in_silhouette
👥	busts_in_silhouette
🫂	people_hugging
👪	family
🧑‍🧑‍🧒	family_adult_adult_child
🧑‍🧑‍🧒‍🧒	family_adult_adult_child_child
🧑‍🧒	family_adult_child
🧑‍🧒‍🧒	family_adult_child_child
👣	footprints
🫆	fingerprint
🐵	monkey_face
🐒	monkey
🦍	gorilla
🦧	orangutan
🐶	dog
🐕	dog2
🦮	guide_dog
🐕‍🦺	service_dog
🐩	poodle
🐺	wolf
🦊	fox_face
🦝	raccoon
🐱	cat
🐈	cat2
🐈‍⬛	black_cat
🦁	lion_face
🐯	tiger
🐅	tiger2
🐆	leopard
🐴	horse
🫎	moose
🫏	donkey
🐎	racehorse
🦄	unicorn_face
🦓	zebra_face
🦌	deer
🦬	bison
🐮	cow
🐂	ox
🐃	water_buffalo
🐄	cow2
🐷	pig
🐖	pig2
🐗	boar
🐽	pig_nose
🐏	ram
🐑	sheep
🐐	goat
🐪	dromedary_camel
🐫	camel
🦙	llama
🦒	giraffe_face
🐘	elephant
🦣	mammoth
🦏	rhinoceros
🦛	hippopotamus
🐭	mouse
🐁	mouse2
🐀	rat
🐹	hamster
🐰	rabbit
🐇	rabbit2
🐿️	chipmunk
🦫	beaver
🦔	hedgehog
🦇	bat
🐻	bear
🐻‍❄️	polar_bear
🐨	koala
🐼	panda_face
🦥	sloth
🦦	otter
🦨	skunk
🦘	kangaroo
🦡	badger
🐾	feet paw_prints
🦃	turkey
🐔	chicken
🐓	rooster
🐣	hatching_chick
🐤	baby_chick
🐥	hatched_chick
🐦	bird
🐧	penguin
🕊️	dove_of_peace
🦅	eagle
🦆	duck
🦢	swan
🦉	owl
🦤	dodo
🪶	feather
🦩	flamingo
🦚	peacock
🦜	parrot
🪽	wing
🐦‍⬛	black_bird
🪿	goose
🐦‍🔥	phoenix
🐸	frog
🐊	crocodile
🐢	turtle
🦎	lizard
🐍	snake
🐲	dragon_face
🐉	dragon
🦕	sauropod
🦖	t-rex
🐳	whale
🐋	whale2
🐬	dolphin flipper
🫍	orca
🦭	seal
🐟	fish
🐠	tropical_fish
🐡	blowfish
🦈	shark
🐙	octopus
🐚	shell
🪸	coral
🪼	jellyfish
🦀	crab
🦞	lobster
🦐	shrimp
🦑	squid
🦪	oyster
🐌	snail
🦋	butterfly
🐛	bug
🐜	ant
🐝	bee honeybee
🪲	beetle
🐞	ladybug lady_beetle
🦗	cricket
🪳	cockroach
🕷️	spider
🕸️	spider_web
🦂	scorpion
🦟	mosquito
🪰	fly
🪱	worm
🦠	microbe
💐	bouquet
🌸	cherry_blossom
💮	white_flower
🪷	lotus
🏵️	rosette
🌹	rose
🥀	wilted_flower
🌺	hibiscus
🌻	sunflower
🌼	blossom
🌷	tulip
🪻	hyacinth
🌱	seedling
🪴	potted_plant
🌲	evergreen_tree
🌳	deciduous_tree
🌴	palm_tree
🌵	cactus
🌾	ear_of_rice
🌿	herb
☘️	shamrock
🍀	four_leaf_clover
🍁	maple_leaf
🍂	fallen_leaf
🍃	leaves
🪹	empty_nest
🪺	nest_with_eggs
🍄	mushroom
🪾	leafless_tree
🍇	grapes
🍈	melon
🍉	watermelon
🍊	tangerine
🍋	lemon
🍋‍🟩	lime
🍌	banana
🍍	pineapple
🥭	mango
🍎	apple
🍏	green_apple
🍐	pear
🍑	peach
🍒	cherries
🍓	strawberry
🫐	blueberries
🥝	kiwifruit
🍅	tomato
🫒	olive
🥥	coconut
🥑	avocado
🍆	eggplant
🥔	potato
🥕	carrot
🌽	corn
🌶️	hot_pepper
🫑	bell_pepper
🥒	cucumber
🥬	leafy_green
🥦	broccoli
🧄	garlic
🧅	onion
🥜	peanuts
🫘	beans
🌰	chestnut
🫚	ginger_root
🫛	pea_pod
🍄‍🟫	brown_mushroom
🫜	root_vegetable
🍞	bread
🥐	croissant
🥖	baguette_bread
🫓	flatbread
🥨	pretzel
🥯	bagel
🥞	pancakes
🧇	waffle
🧀	cheese_wedge
🍖	meat_on_bone
🍗	poultry_leg
🥩	cut_of_meat
🥓	bacon
🍔	hamburger
🍟	fries
🍕	pizza
🌭	hotdog
🥪	sandwich
🌮	taco
🌯	burrito
🫔	tamale
🥙	stuffed_flatbread
🧆	falafel
🥚	egg
🍳	fried_egg cooking
🥘	shallow_pan_of_food
🍲	stew
🫕	fondue
🥣	bowl_with_spoon
🥗	green_salad
🍿	popcorn
🧈	butter
🧂	salt
🥫	canned_food
🍱	bento
🍘	rice_cracker
🍙	rice_ball
🍚	rice
🍛	curry
🍜	ramen
🍝	spaghetti
🍠	sweet_potato
🍢	oden
🍣	sushi
🍤	fried_shrimp
🍥	fish_cake
🥮	moon_cake
🍡	dango
🥟	dumpling
🥠	fortune_cookie
🥡	takeout_box
🍦	icecream
🍧	shaved_ice
🍨	ice_cream
🍩	doughnut
🍪	cookie
🎂	birthday
🍰	cake
🧁	cupcake
🥧	pie
🍫	chocolate_bar
🍬	candy
🍭	lollipop
🍮	custard
🍯	honey_pot
🍼	baby_bottle
🥛	glass_of_milk
☕	coffee
🫖	teapot
🍵	tea
🍶	sake
🍾	champagne
🍷	wine_glass
🍸	cocktail
🍹	tropical_drink
🍺	beer
🍻	beers
🥂	clinking_glasses
🥃	tumbler_glass
🫗	pouring_liquid
🥤	cup_with_straw
🧋	bubble_tea
🧃	beverage_box
🧉	mate_drink
🧊	ice_cube
🥢	chopsticks
🍽️	knife_fork_plate
🍴	fork_and_knife
🥄	spoon
🔪	hocho knife
🫙	jar
🏺	amphora
🌍	earth_africa
🌎	earth_americas
🌏	earth_asia
🌐	globe_with_meridians
🗺️	world_map
🗾	japan
🧭	compass
🏔️	snow_capped_mountain
⛰️	mountain
🛘	landslide
🌋	volcano
🗻	mount_fuji
🏕️	camping
🏖️	beach_with_umbrella
🏜️	desert
🏝️	desert_island
🏞️	national_park
🏟️	stadium
🏛️	classical_building
🏗️	building_construction
🧱	bricks
🪨	rock
🪵	wood
🛖	hut
🏘️	house_buildings
🏚️	derelict_house_building
🏠	house
🏡	house_with_garden
🏢	office
🏣	post_office
🏤	european_post_office
🏥	hospital
🏦	bank
🏨	hotel
🏩	love_hotel
🏪	convenience_store
🏫	school
🏬	department_store
🏭	factory
🏯	japanese_castle
🏰	european_castle
💒	wedding
🗼	tokyo_tower
🗽	statue_of_liberty
⛪	church
🕌	mosque
🛕	hindu_temple
🕍	synagogue
⛩️	shinto_shrine
🕋	kaaba
⛲	fountain
⛺	tent
🌁	foggy
🌃	night_with_stars
🏙️	cityscape
🌄	sunrise_over_mountains
🌅	sunrise
🌆	city_sunset
🌇	city_sunrise
🌉	bridge_at_night
♨️	hotsprings
🎠	carousel_horse
🛝	playground_slide
🎡	ferris_wheel
🎢	roller_coaster
💈	barber
🎪	circus_tent
🚂	steam_locomotive
🚃	railway_car
🚄	bullettrain_side
🚅	bullettrain_front
🚆	train2
🚇	metro
🚈	light_rail
🚉	station
🚊	tram
🚝	monorail
🚞	mountain_railway
🚋	train
🚌	bus
🚍	oncoming_bus
🚎	trolleybus
🚐	minibus
🚑	ambulance
🚒	fire_engine
🚓	police_car
🚔	oncoming_police_car
🚕	taxi
🚖	oncoming_taxi
🚗	car red_car
🚘	oncoming_automobile
🚙	blue_car
🛻	pickup_truck
🚚	truck
🚛	articulated_lorry
🚜	tractor
🏎️	racing_car
🏍️	racing_motorcycle
🛵	motor_scooter
🦽	manual_wheelchair
🦼	motorized_wheelchair
🛺	auto_rickshaw
🚲	bike
🛴	scooter
🛹	skateboard
🛼	roller_skate
🚏	busstop
🛣️	motorway
🛤️	railway_track
🛢️	oil_drum
⛽	fuelpump
🛞	wheel
🚨	rotating_light
🚥	traffic_light
🚦	vertical_traffic_light
🛑	octagonal_sign
🚧	construction
⚓	anchor
🛟	ring_buoy
⛵	boat sailboat
🛶	canoe
🚤	speedboat
🛳️	passenger_ship
⛴️	ferry
🛥️	motor_boat
🚢	ship
✈️	airplane
🛩️	small_airplane
🛫	airplane_departure
🛬	airplane_arriving
🪂	parachute
💺	seat
🚁	helicopter
🚟	suspension_railway
🚠	mountain_cableway
🚡	aerial_tramway
🛰️	satellite
🚀	rocket
🛸	flying_saucer
🛎️	bellhop_bell
🧳	luggage
⌛	hourglass
⏳	hourglass_flowing_sand
⌚	watch
⏰	alarm_clock
⏱️	stopwatch
⏲️	timer_clock
🕰️	mantelpiece_clock
🕛	clock12
🕧	clock1230
🕐	clock1
🕜	clock130
🕑	clock2
🕝	clock230
🕒	clock3
🕞	clock330
🕓	clock4
🕟	clock430
🕔	clock5
🕠	clock530
🕕	clock6
🕡	clock630
🕖	clock7
🕢	clock730
🕗	clock8
🕣	clock830
🕘	clock9
🕤	clock930
🕙	clock10
🕥	clock1030
🕚	clock11
🕦	clock1130
🌑	new_moon
🌒	waxing_crescent_moon
🌓	first_quarter_moon
🌔	moon waxing_gibbous_moon
🌕	full_moon
🌖	waning_gibbous_moon
🌗	last_quarter_moon
🌘	waning_crescent_moon
🌙	crescent_moon
🌚	new_moon_with_face
🌛	first_quarter_moon_with_face
🌜	last_quarter_moon_with_face
🌡️	thermometer
☀️	sunny
🌝	full_moon_with_face
🌞	sun_with_face
🪐	ringed_planet
⭐	star
🌟	star2
🌠	stars
🌌	milky_way
☁️	cloud
⛅	partly_sunny
⛈️	thunder_cloud_and_rain
🌤️	mostly_sunny sun_small_cloud
🌥️	barely_sunny sun_behind_cloud
🌦️	partly_sunny_rain sun_behind_rain_cloud
🌧️	rain_cloud
🌨️	snow_cloud
🌩️	lightning lightning_cloud
🌪️	tornado tornado_cloud
🌫️	fog
🌬️	wind_blowing_face
🌀	cyclone
🌈	rainbow
🌂	closed_umbrella
☂️	umbrella
☔	umbrella_with_rain_drops
⛱️	umbrella_on_ground
⚡	zap
❄️	snowflake
☃️	snowman
⛄	snowman_without_snow
☄️	comet
🔥	fire
💧	droplet
🌊	ocean
🎃	jack_o_lantern
🎄	christmas_tree
🎆	fireworks
🎇	sparkler
🧨	firecracker
✨	sparkles
🎈	balloon
🎉	tada
🎊	confetti_ball
🎋	tanabata_tree
🎍	bamboo
🎎	dolls
🎏	flags
🎐	wind_chime
🎑	rice_scene
🧧	red_envelope
🎀	ribbon
🎁	gift
🎗️	reminder_ribbon
🎟️	admission_tickets
🎫	ticket
🎖️	medal
🏆	trophy
🏅	sports_medal
🥇	first_place_medal
🥈	second_place_medal
🥉	third_place_medal
⚽	soccer
⚾	baseball
🥎	softball
🏀	basketball
🏐	volleyball
🏈	football
🏉	rugby_football
🎾	tennis
🥏	flying_disc
🎳	bowling
🏏	cricket_bat_and_ball
🏑	field_hockey_stick_and_ball
🏒	ice_hockey_stick_and_puck
🥍	lacrosse
🏓	table_tennis_paddle_and_ball
🏸	badminton_racquet_and_shuttlecock
🥊	boxing_glove
🥋	martial_arts_uniform
🥅	goal_net
⛳	golf
⛸️	ice_skate
🎣	fishing_pole_and_fish
🤿	diving_mask
🎽	running_shirt_with_sash
🎿	ski
🛷	sled
🥌	curling_stone
🎯	dart
🪀	yo-yo
🪁	kite
🔫	gun
🎱	8ball
🔮	crystal_ball
🪄	magic_wand
🎮	video_game
🕹️	joystick
🎰	slot_machine
🎲	game_die
🧩	jigsaw
🧸	teddy_bear
🪅	pinata
🪩	mirror_ball
🪆	nesting_dolls
♠️	spades
♥️	hearts
♦️	diamonds
♣️	clubs
♟️	chess_pawn
🃏	black_joker
🀄	mahjong
🎴	flower_playing_cards
🎭	performing_arts
🖼️	frame_with_picture
🎨	art
🧵	thread
🪡	sewing_needle
🧶	yarn
🪢	knot
👓	eyeglasses
🕶️	dark_sunglasses
🥽	goggles
🥼	lab_coat
🦺	safety_vest
👔	necktie
👕	shirt tshirt
👖	jeans
🧣	scarf
🧤	gloves
🧥	coat
🧦	socks
👗	dress
👘	kimono
🥻	sari
🩱	one-piece_swimsuit
🩲	briefs
🩳	shorts
👙	bikini
👚	womans_clothes
🪭	folding_hand_fan
👛	purse
👜	handbag
👝	pouch
🛍️	shopping_bags
🎒	school_satchel
🩴	thong_sandal
👞	mans_shoe shoe
👟	athletic_shoe
🥾	hiking_boot
🥿	womans_flat_shoe
👠	high_heel
👡	sandal
🩰	ballet_shoes
👢	boot
🪮	hair_pick
👑	crown
👒	womans_hat
🎩	tophat
🎓	mortar_board
🧢	billed_cap
🪖	military_helmet
⛑️	helmet_with_white_cross
📿	prayer_beads
💄	lipstick
💍	ring
💎	gem
🔇	mute
🔈	speaker
🔉	sound
🔊	loud_sound
📢	loudspeaker
📣	mega
📯	postal_horn
🔔	bell
🔕	no_bell
🎼	musical_score
🎵	musical_note
🎶	notes
🎙️	studio_microphone
🎚️	level_slider
🎛️	control_knobs
🎤	microphone
🎧	headphones
📻	radio
🎷	saxophone
🎺	trumpet
🪊	trombone
🪗	accordion
🎸	guitar
🎹	musical_keyboard
🎻	violin
🪕	banjo
🥁	drum_with_drumsticks
🪘	long_drum
🪇	maracas
🪈	flute
🪉	harp
📱	iphone
📲	calling
☎️	phone telephone
📞	telephone_receiver
📟	pager
📠	fax
🔋	battery
🪫	low_battery
🔌	electric_plug
💻	computer
🖥️	desktop_computer
🖨️	printer
⌨️	keyboard
🖱️	three_button_mouse
🖲️	trackball
💽	minidisc
💾	floppy_disk
💿	cd
📀	dvd
🧮	abacus
🎥	movie_camera
🎞️	film_frames
📽️	film_projector
🎬	clapper
📺	tv
📷	camera
📸	camera_with_flash
📹	video_camera
📼	vhs
🔍	mag
🔎	mag_right
🕯️	candle
💡	bulb
🔦	flashlight
🏮	izakaya_lantern lantern
🪔	diya_lamp
📔	notebook_with_decorative_cover
📕	closed_book
📖	book open_book
📗	green_book
📘	blue_book
📙	orange_book
📚	books
📓	notebook
📒	ledger
📃	page_with_curl
📜	scroll
📄	page_facing_up
📰	newspaper
🗞️	rolled_up_newspaper
📑	bookmark_tabs
🔖	bookmark
🏷️	label
🪙	coin
💰	moneybag
🪎	treasure_chest
💴	yen
💵	dollar
💶	euro
💷	pound
💸	money_with_wings
💳	credit_card
🧾	receipt
💹	chart
✉️	email envelope
📧	e-mail
📨	incoming_envelope
📩	envelope_with_arrow
📤	outbox_tray
📥	inbox_tray
📦	package
📫	mailbox
📪	mailbox_closed
📬	mailbox_with_mail
📭	mailbox_with_no_mail
📮	postbox
🗳️	ballot_box_with_ballot
✏️	pencil2
✒️	black_nib
🖋️	lower_left_fountain_pen
🖊️	lower_left_ballpoint_pen
🖌️	lower_left_paintbrush
🖍️	lower_left_crayon
📝	memo pencil
💼	briefcase
📁	file_folder
📂	open_file_folder
🗂️	card_index_dividers
📅	date
📆	calendar
🗒️	spiral_note_pad
🗓️	spiral_calendar_pad
📇	card_index
📈	chart_with_upwards_trend
📉	chart_with_downwards_trend
📊	bar_chart
📋	clipboard
📌	pushpin
📍	round_pushpin
📎	paperclip
🖇️	linked_paperclips
📏	straight_ruler
📐	triangular_ruler
✂️	scissors
🗃️	card_file_box
🗄️	file_cabinet
🗑️	wastebasket
🔒	lock
🔓	unlock
🔏	lock_with_ink_pen
🔐	closed_lock_with_key
🔑	key
🗝️	old_key
🔨	hammer
🪓	axe
⛏️	pick
⚒️	hammer_and_pick
🛠️	hammer_and_wrench
🗡️	dagger_knife
⚔️	crossed_swords
💣	bomb
🪃	boomerang
🏹	bow_and_arrow
🛡️	shield
🪚	carpentry_saw
🔧	wrench
🪛	screwdriver
🔩	nut_and_bolt
⚙️	gear
🗜️	compression
⚖️	scales
🦯	probing_cane
🔗	link
⛓️‍💥	broken_chain
⛓️	chains
🪝	hook
🧰	toolbox
🧲	magnet
🪜	ladder
🪏	shovel
⚗️	alembic
🧪	test_tube
🧫	petri_dish
🧬	dna
🔬	microscope
🔭	telescope
📡	satellite_antenna
💉	syringe
🩸	drop_of_blood
💊	pill
🩹	adhesive_bandage
🩼	crutch
🩺	stethoscope
🩻	x-ray
🚪	door
🛗	elevator
🪞	mirror
🪟	window
🛏️	bed
🛋️	couch_and_lamp
🪑	chair
🚽	toilet
🪠	plunger
🚿	shower
🛁	bathtub
🪤	mouse_trap
🪒	razor
🧴	lotion_bottle
🧷	safety_pin
🧹	broom
🧺	basket
🧻	roll_of_paper
🪣	bucket
🧼	soap
🫧	bubbles
🪥	toothbrush
🧽	sponge
🧯	fire_extinguisher
🛒	shopping_trolley
🚬	smoking
⚰️	coffin
🪦	headstone
⚱️	funeral_urn
🧿	nazar_amulet
🪬	hamsa
🗿	moyai
🪧	placard
🪪	identification_card
🏧	atm
🚮	put_litter_in_its_place
🚰	potable_water
♿	wheelchair
🚹	mens
🚺	womens
🚻	restroom
🚼	baby_symbol
🚾	wc
🛂	passport_control
🛃	customs
🛄	baggage_claim
🛅	left_luggage
⚠️	warning
🚸	children_crossing
⛔	no_entry
🚫	no_entry_sign
🚳	no_bicycles
🚭	no_smoking
🚯	do_not_litter
🚱	non-potable_water
🚷	no_pedestrians
📵	no_mobile_phones
🔞	underage
☢️	radioactive_sign
☣️	biohazard_sign
⬆️	arrow_up
↗️	arrow_upper_right
➡️	arrow_right
↘️	arrow_lower_right
⬇️	arrow_down
↙️	arrow_lower_left
⬅️	arrow_left
↖️	arrow_upper_left
↕️	arrow_up_down
↔️	left_right_arrow
↩️	leftwards_arrow_with_hook
↪️	arrow_right_hook
⤴️	arrow_heading_up
⤵️	arrow_heading_down
🔃	arrows_clockwise
🔄	arrows_counterclockwise
🔙	back
🔚	end
🔛	on
🔜	soon
🔝	top
🛐	place_of_worship
⚛️	atom_symbol
🕉️	om_symbol
✡️	star_of_david
☸️	wheel_of_dharma
☯️	yin_yang
✝️	latin_cross
☦️	orthodox_cross
☪️	star_and_crescent
☮️	peace_symbol
🕎	menorah_with_nine_branches
🔯	six_pointed_star
🪯	khanda
♈	aries
♉	taurus
♊	gemini
♋	cancer
♌	leo
♍	virgo
♎	libra
♏	scorpius
♐	sagittarius
♑	capricorn
♒	aquarius
♓	pisces
⛎	ophiuchus
🔀	twisted_rightwards_arrows
🔁	repeat
🔂	repeat_one
▶️	arrow_forward
⏩	fast_forward
⏭️	black_right_pointing_double_triangle_with_vertical_bar
⏯️	black_right_pointing_triangle_with_double_vertical_bar
◀️	arrow_backward
⏪	rewind
⏮️	black_left_pointing_double_triangle_with_vertical_bar
🔼	arrow_up_small
⏫	arrow_double_up
🔽	arrow_down_small
⏬	arrow_double_down
⏸️	double_vertical_bar
⏹️	black_square_for_stop
⏺️	black_circle_for_record
⏏️	eject
🎦	cinema
🔅	low_brightness
🔆	high_brightness
📶	signal_strength
🛜	wireless
📳	vibration_mode
📴	mobile_phone_off
♀️	female_sign
♂️	male_sign
⚧️	transgender_symbol
✖️	heavy_multiplication_x
➕	heavy_plus_sign
➖	heavy_minus_sign
➗	heavy_division_sign
🟰	heavy_equals_sign
♾️	infinity
‼️	bangbang
⁉️	interrobang
❓	question
❔	grey_question
❕	grey_exclamation
❗	exclamation heavy_exclamation_mark
〰️	wavy_dash
💱	currency_exchange
💲	heavy_dollar_sign
⚕️	medical_symbol staff_of_aesculapius
♻️	recycle
⚜️	fleur_de_lis
🔱	trident
📛	name_badge
🔰	beginner
⭕	o
✅	white_check_mark
☑️	ballot_box_with_check
✔️	heavy_check_mark
❌	x
❎	negative_squared_cross_mark
➰	curly_loop
➿	loop
〽️	part_alternation_mark
✳️	eight_spoked_asterisk
✴️	eight_pointed_black_star
❇️	sparkle
©️	copyright
®️	registered
™️	tm
🫟	splatter
#️⃣	hash
*️⃣	keycap_star
0️⃣	zero
1️⃣	one
2️⃣	two
3️⃣	three
4️⃣	four
5️⃣	five
6️⃣	six
7️⃣	seven
8️⃣	eight
9️⃣	nine
🔟	keycap_ten
🔠	capital_abcd
🔡	abcd
🔢	1234
🔣	symbols
🔤	abc
🅰️	a
🆎	ab
🅱️	b
🆑	cl
🆒	cool
🆓	free
ℹ️	information_source
🆔	id
Ⓜ️	m
🆕	new
🆖	ng
🅾️	o2
🆗	ok
🅿️	parking
🆘	sos
🆙	up
🆚	vs
🈁	koko
🈂️	sa
🈷️	u6708
🈶	u6709
🈯	u6307
🉐	ideograph_advantage
🈹	u5272
🈚	u7121
🈲	u7981
🉑	accept
🈸	u7533
🈴	u5408
🈳	u7a7a
㊗️	congratulations
㊙️	secret
🈺	u55b6
🈵	u6e80
🔴	red_circle
🟠	large_orange_circle
🟡	large_yellow_circle
🟢	large_green_circle
🔵	large_blue_circle
🟣	large_purple_circle
🟤	large_brown_circle
⚫	black_circle
⚪	white_circle
🟥	large_red_square
🟧	large_orange_square
🟨	large_yellow_square
🟩	large_green_square
🟦	large_blue_square
🟪	large_purple_square
🟫	large_brown_square
⬛	black_large_square
⬜	white_large_square
◼️	black_medium_square
◻️	white_medium_square
◾	black_medium_small_square
◽	white_medium_small_square
▪️	black_small_square
▫️	white_small_square
🔶	large_orange_diamond
🔷	large_blue_diamond
🔸	small_orange_diamond
🔹	small_blue_diamond
🔺	small_red_triangle
🔻	small_red_triangle_down
💠	diamond_shape_with_a_dot_inside
🔘	radio_button
🔳	white_square_button
🔲	black_square_button
🏁	checkered_flag
🚩	triangular_flag_on_post
🎌	crossed_flags
🏴	waving_black_flag
🏳️	waving_white_flag
🏳️‍🌈	rainbow-flag
🏳️‍⚧️	transgender_flag
🏴‍☠️	pirate_flag
🇦🇨	flag-ac
🇦🇩	flag-ad
🇦🇪	flag-ae
🇦🇫	flag-af
🇦🇬	flag-ag
🇦🇮	flag-ai
🇦🇱	flag-al
🇦🇲	flag-am
🇦🇴	flag-ao
🇦🇶	flag-aq
🇦🇷	flag-ar
🇦🇸	flag-as
🇦🇹	flag-at
🇦🇺	flag-au
🇦🇼	flag-aw
🇦🇽	flag-ax
🇦🇿	flag-az
🇧🇦	flag-ba
🇧🇧	flag-bb
🇧🇩	flag-bd
🇧🇪	flag-be
🇧🇫	flag-bf
🇧🇬	flag-bg
🇧🇭	flag-bh
🇧🇮	flag-bi
🇧🇯	flag-bj
🇧🇱	flag-bl
🇧🇲	flag-bm
🇧🇳	flag-bn
🇧🇴	flag-bo
🇧🇶	flag-bq
🇧🇷	flag-br
🇧🇸	flag-bs
🇧🇹	flag-bt
🇧🇻	flag-bv
🇧🇼	flag-bw
🇧🇾	flag-by
🇧🇿	flag-bz
🇨🇦	flag-ca
🇨🇨	flag-cc
🇨🇩	flag-cd
🇨🇫	flag-cf
🇨🇬	flag-cg
🇨🇭	flag-ch
🇨🇮	flag-ci
🇨🇰	flag-ck
🇨🇱	flag-cl
🇨🇲	flag-cm
🇨🇳	cn flag-cn
🇨🇴	flag-co
🇨🇵	flag-cp
🇨🇶	flag-sark
🇨🇷	flag-cr
🇨🇺	flag-cu
🇨🇻	flag-cv
🇨🇼	flag-cw
🇨🇽	flag-cx
🇨🇾	flag-cy
🇨🇿	flag-cz
🇩🇪	de flag-de
🇩🇬	flag-dg
🇩🇯	flag-dj
🇩🇰	flag-dk
🇩🇲	flag-dm
🇩🇴	flag-do
🇩🇿	flag-dz
🇪🇦	flag-ea
🇪🇨	flag-ec
🇪🇪	flag-ee
🇪🇬	flag-eg
🇪🇭	flag-eh
🇪🇷	flag-er
🇪🇸	es flag-es
🇪🇹	flag-et
🇪🇺	flag-eu
🇫🇮	flag-fi
🇫🇯	flag-fj
🇫🇰	flag-fk
🇫🇲	flag-fm
🇫🇴	flag-fo
🇫🇷	fr flag-fr
🇬🇦	flag-ga
🇬🇧	gb uk flag-gb
🇬🇩	flag-gd
🇬🇪	flag-ge
🇬🇫	flag-gf
🇬🇬	flag-gg
🇬🇭	flag-gh
🇬🇮	flag-gi
🇬🇱	flag-gl
🇬🇲	flag-gm
🇬🇳	flag-gn
🇬🇵	flag-gp
🇬🇶	flag-gq
🇬🇷	flag-gr
🇬🇸	flag-gs
🇬🇹	flag-gt
🇬🇺	flag-gu
🇬🇼	flag-gw
🇬🇾	flag-gy
🇭🇰	flag-hk
🇭🇲	flag-hm
🇭🇳	flag-hn
🇭🇷	flag-hr
🇭🇹	flag-ht
🇭🇺	flag-hu
🇮🇨	flag-ic
🇮🇩	flag-id
🇮🇪	flag-ie
🇮🇱	flag-il
🇮🇲	flag-im
🇮🇳	flag-in
🇮🇴	flag-io
🇮🇶	flag-iq
🇮🇷	flag-ir
🇮🇸	flag-is
🇮🇹	it flag-it
🇯🇪	flag-je
🇯🇲	flag-jm
🇯🇴	flag-jo
🇯🇵	jp flag-jp
🇰🇪	flag-ke
🇰🇬	flag-kg
🇰🇭	flag-kh
🇰🇮	flag-ki
🇰🇲	flag-km
🇰🇳	flag-kn
🇰🇵	flag-kp
🇰🇷	kr flag-kr
🇰🇼	flag-kw
🇰🇾	flag-ky
🇰🇿	flag-kz
🇱🇦	flag-la
🇱🇧	flag-lb
🇱🇨	flag-lc
🇱🇮	flag-li
🇱🇰	flag-lk
🇱🇷	flag-lr
🇱🇸	flag-ls
🇱🇹	flag-lt
🇱🇺	flag-lu
🇱🇻	flag-lv
🇱🇾	flag-ly
🇲🇦	flag-ma
🇲🇨	flag-mc
🇲🇩	flag-md
🇲🇪	flag-me
🇲🇫	flag-mf
🇲🇬	flag-mg
🇲🇭	flag-mh
🇲🇰	flag-mk
🇲🇱	flag-ml
🇲🇲	flag-mm
🇲🇳	flag-mn
🇲🇴	flag-mo
🇲🇵	flag-mp
🇲🇶	flag-mq
🇲🇷	flag-mr
🇲🇸	flag-ms
🇲🇹	flag-mt
🇲🇺	flag-mu
🇲🇻	flag-mv
🇲🇼	flag-mw
🇲🇽	flag-mx
🇲🇾	flag-my
🇲🇿	flag-mz
🇳🇦	flag-na
🇳🇨	flag-nc
🇳🇪	flag-ne
🇳🇫	flag-nf
🇳🇬	flag-ng
🇳🇮	flag-ni
🇳🇱	flag-nl
🇳🇴	flag-no
🇳🇵	flag-np
🇳🇷	flag-nr
🇳🇺	flag-nu
🇳🇿	flag-nz
🇴🇲	flag-om
🇵🇦	flag-pa
🇵🇪	flag-pe
🇵🇫	flag-pf
🇵🇬	flag-pg
🇵🇭	flag-ph
🇵🇰	flag-pk
🇵🇱	flag-pl
🇵🇲	flag-pm
🇵🇳	flag-pn
🇵🇷	flag-pr
🇵🇸	flag-ps
🇵🇹	flag-pt
🇵🇼	flag-pw
🇵🇾	flag-py
🇶🇦	flag-qa
🇷🇪	flag-re
🇷🇴	flag-ro
🇷🇸	flag-rs
🇷🇺	ru flag-ru
🇷🇼	flag-rw
🇸🇦	flag-sa
🇸🇧	flag-sb
🇸🇨	flag-sc
🇸🇩	flag-sd
🇸🇪	flag-se
🇸🇬	flag-sg
🇸🇭	flag-sh
🇸🇮	flag-si
🇸🇯	flag-sj
🇸🇰	flag-sk
🇸🇱	flag-sl
🇸🇲	flag-sm
🇸🇳	flag-sn
🇸🇴	flag-so
🇸🇷	flag-sr
🇸🇸	flag-ss
🇸🇹	flag-st
🇸🇻	flag-sv
🇸🇽	flag-sx
🇸🇾	flag-sy
🇸🇿	flag-sz
🇹🇦	flag-ta
🇹🇨	flag-tc
🇹🇩	flag-td
🇹🇫	flag-tf
🇹🇬	flag-tg
🇹🇭	flag-th
🇹🇯	flag-tj
🇹🇰	flag-tk
🇹🇱	flag-tl
🇹🇲	flag-tm
🇹🇳	flag-tn
🇹🇴	flag-to
🇹🇷	flag-tr
🇹🇹	flag-tt
🇹🇻	flag-tv
🇹🇼	flag-tw
🇹🇿	flag-tz
🇺🇦	flag-ua
🇺🇬	flag-ug
🇺🇲	flag-um
🇺🇳	flag-un
🇺🇸	us flag-us
🇺🇾	flag-uy
🇺🇿	flag-uz
🇻🇦	flag-va
🇻🇨	flag-vc
🇻🇪	flag-ve
🇻🇬	flag-vg
🇻🇮	flag-vi
🇻🇳	flag-vn
🇻🇺	flag-vu
🇼🇫	flag-wf
🇼🇸	flag-ws
🇽🇰	flag-xk
🇾🇪	flag-ye
🇾🇹	flag-yt
🇿🇦	flag-za
🇿🇲	flag-zm
🇿🇼	flag-zw
🏴󠁧󠁢󠁥󠁮󠁧󠁿	flag-england
🏴󠁧󠁢󠁳󠁣󠁴󠁿	flag-scotland
🏴󠁧󠁢󠁷󠁬󠁳󠁿	flag-wales`;
