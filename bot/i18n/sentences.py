"""Sentences chosen by a code: why something was not done or refused, what a method is called."""

from __future__ import annotations

from datetime import date, datetime

from bot.domain.catalogue import Catalogue
from bot.domain.errors import CustomerError
from bot.domain.money import Money
from bot.domain.refusals import Refusal
from bot.domain.states import Role
from bot.domain.texts import Text
from bot.i18n.catalogues import N_, _, language
from bot.i18n.figures import day, moment, money
from bot.i18n.strangers import shown

ERRORS = {
    "start_first": N_("Send /start first, please."),
    "not_found": N_("Nothing of yours was found under that button. Open the menu and try again."),
    "bad_email": N_(
        "That does not look like an e-mail address. Send it in Latin letters, like this: anna@example.org"
    ),
    "bad_phone": N_(
        "That does not look like a phone number. Send it with the country code, for example +7 999 123-45-67."
    ),
    "unknown_zone": N_("This time zone is no longer known. Choose another one, please."),
    "unknown_city": N_(
        "This city was not found. Send the name of a bigger one nearby, or the difference from UTC: +5."
    ),
    "bad_contact": N_("That is neither an e-mail address nor a phone number. Check it and send it again."),
    "day_differs": N_("Something still differs ({count}): settle it first, then close the day."),
    "bad_days": N_("Which days? For example 1.11 15.11, at most {most} days, none of them to come."),
    "bad_amount": N_("That does not look like a sum. Send it in digits, for example 990."),
    "bad_day": N_("That does not look like a day of the last year. Send it like this: 14.11."),
    "bad_coming_day": N_("That does not look like a day of the year to come. Send it like this: 14.12."),
    "autopay_not_offered": N_("Autopay can't be connected for this payment."),
    "autopay_changed": N_("Something has changed meanwhile. Please read it once more."),
    "autopay_card_needed": N_("Autopay needs a saved card, or the balance."),
    "autopay_needs_consent": N_("It goes on with a new consent only. Open it and choose the card once more."),
    "autopay_not_movable": N_("The date can't be changed just now. Look again after the next charge."),
    "autopay_too_soon": N_(
        "That is too soon: we tell of a charge three days before. The first day is {first}."
    ),
    "autopay_too_late": N_("That is too late: {last} is the last day."),
    "autopay_not_then": N_("It is charged between {first} and {last}, before the connector runs out."),
    "autopay_above_ceiling": N_("Autopay takes from {least} to {most} at once."),
    "autopay_below_least": N_("Autopay takes from {least} to {most} at once."),
    "autopay_no_method": N_(
        "Nobody can charge a card by itself in this currency, so there is no autopay for it."
    ),
    "autopay_several_connectors": N_(
        "Autopay is for one connector at a time: pay for them one by one to connect it."
    ),
    "autopay_not_yours": N_("Autopay is connected by whoever the connector belongs to."),
    "autopay_sum_stays": N_("A connector's autopay takes its price: choose another interval instead."),
    "bad_last4": N_("Send just the last four digits of the card, or skip."),
    "title_missing": N_("Send the name in words or digits, please."),
    "not_addable": N_("This can't be added here. Write to us and we will connect it."),
    "too_many_connectors": N_("You have {most} connectors already. Write to us to add more."),
    "choose_connectors": N_("Choose at least one connector, and no more than {most} at once."),
    "no_common_currency": N_("These are not sold in one currency. Pay for them one by one, please."),
    "no_common_period": N_("These have no period in common. Pay for them one by one, please."),
    "tariff_gone": N_("{title} can't be paid for here. Write to us, please."),
    "period_gone": N_("This period is no longer offered. Choose another one, please."),
    "method_gone": N_("This method is no longer offered. Choose another one, please."),
    "no_methods": N_("There is no way to pay for this just now. Write to us, please."),
    "being_paid": N_("Somebody is paying for this connector right now. Try again in half an hour."),
    "payment_sent_known": N_("We know that you have sent it. We will write as soon as the money arrives."),
    "bridge_words": N_(
        "Send the number of days, from 1 to {most}, and then the reason: 3 the payment order is there"
    ),
    "bridge_too_long": N_("Write a number of days from 1 to {most}."),
    "bridged_already": N_("It is switched on until the money arrives already."),
    "suspended_now": N_("Its customer has suspended it: there is nothing to switch on."),
    "suspension_off": N_("Nothing can be suspended here."),
    "nothing_to_suspend": N_("There is nothing to suspend: nothing is paid for beyond that day."),
    "too_many_to_suspend": N_("More than {most} cannot be suspended at once: suspend them one by one."),
    "suspended_already": N_("It is suspended already, or will be."),
    "suspension_start_wrong": N_("It can be suspended from today or from a later day, until {date}."),
    "suspension_too_short": N_("It can be suspended for {least} days or longer."),
    "suspension_too_long": N_("It can be suspended for up to {most} months."),
    "suspension_over": N_("It is not suspended any more."),
    "reason_missing": N_("Write the reason in a few words."),
    "invoice_not_open": N_("That invoice is no longer open: it was paid or given up."),
    "payer_incomplete": N_("An invoice needs the payer's details. Fill in the form and try again."),
    "order_not_open": N_("That order is no longer open: it was paid, cancelled or replaced by a newer one."),
    "contact_needed": N_("An e-mail or a phone number is needed first: the receipt goes there."),
    "email_needed": N_("An e-mail address is needed first: the receipt goes there."),
    "not_paid_yet": N_("There is no receipt yet: the money has not arrived."),
    "period_too_long": N_("These are too many payments for one paper. Choose a shorter time, please."),
    "payments_closed": N_("Payments are paused for a short while. Please try again later."),
    "provider_silent": N_("The payment company does not answer just now. Try again in a few minutes."),
    "invoice_unknown": N_("This invoice is not one of ours. Open the menu and choose what to pay for."),
    "invoice_not_yours": N_("This invoice was made out to somebody else. Send /pay to get one of your own."),
    "invoice_paid": N_("This invoice is paid already. Nothing was taken this time."),
    "invoice_changed": N_("The sum has changed since this invoice was sent. Send /pay to get a new one."),
    "invoice_over": N_("This invoice is out of date. Send /pay to get a new one."),
    "invoice_not_checked": N_("We could not check the order just now. Nothing was taken; please try again."),
    "invoice_refused": N_("Telegram does not take this payment just now. Choose another way, please."),
    "search_gone": N_("The words of this search are gone. Ask again with /find."),
    "not_allowed": N_("Your role does not allow that: it takes the role “{role}”."),
    "card_gone": N_("That card is no longer there."),
    "card_answered": N_("That card was answered already."),
    "saved_card_gone": N_("That saved card can't be used any more. Choose another way to pay, please."),
    "autopay_under_way": N_(
        "Your autopay is taking the money for this right now, so please don't pay a second time: "
        "we will write in a few minutes how it went."
    ),
    "anonymous": N_(
        "I can't see who you are. Turn off “Remain anonymous” in your rights as an administrator, please."
    ),
    "words_needed": N_("Send it in words, please: pictures and files are not passed on."),
    "taken_meanwhile": N_("{name} has just taken it."),
    "audit_forgotten": N_("I don't remember what you sought. Send /audit again."),
    "talk_kind": N_("Words, pictures, files, voice and video can be passed on, but not this."),
    "customer_unreachable": N_(
        "No message reaches this customer: he has stopped the bot, or never opened it."
    ),
    "refund_waits": N_("A refund hangs on this card: decide about it by its buttons."),
    "money_waits": N_("This money has no owner yet, so its card stays open. Find whose it is."),
    "done_by": N_("{who} has done that already."),
    "caller_email_missing": N_("There is no e-mail address of theirs. Copy the link instead."),
    "requisites_words": N_(
        "Send it in one line: 7707083893 770701001 OOO Romashka; Moscow, Tverskaya 1. "
        "For a private person the name alone."
    ),
    "not_a_caller": N_("This customer has a chat already: everything is there."),
    "caller_words": N_(
        "Write the name, and the e-mail or the phone, between commas: Anna Petrova, anna@example.org"
    ),
    "letters_are_off": N_("Letters can't leave: mail is not set up. Copy the link instead."),
    "not_your_question": N_("That question waits for somebody else, or was answered. Begin anew."),
    "join_itself": N_("That is the same one. Choose another."),
    "join_autopay": N_("Both have an autopay for a balance in one currency. Switch one of them off first."),
    "join_suspension": N_("Both are suspended, or will be. Let one suspension end first."),
    "join_anothers_autopay": N_(
        "They belong to two customers, and there is an autopay. "
        "Switch it off first: a card pays for its owner."
    ),
    "join_while_forming": N_("The month's invoices are being formed. Try again when they are done."),
    "move_itself": N_("That is the account they have now. Send the number of the new one."),
    "move_stranger": N_("That account is not known. Let its owner open the bot once, and try again."),
    "move_forgetting": N_("This customer has asked to be forgotten: that comes first."),
    "move_roles": N_("One of the two has to be an owner."),
    "act_no_receipt": N_("No receipt could be made for the use of this balance (54-FZ)."),
    "act_too_much": N_("That is more than the order lacks: {most} at most."),
    "paper_known": N_("Money with that number of a paper was marked before. Look it up with /find."),
    "record_gone": N_("That is no longer there. Look for it anew with /find."),
    "act_date_wrong": N_("Write another date than it has now, at most five years from today."),
    "act_days_wrong": N_("Write a number of days from 1 to {most}, or a date."),
    "act_words": N_("I did not understand that. Reply to the question again, like this: {example}"),
    "blocked": N_("New orders and payments are not taken from you just now. Write to us: /support."),
    "already_done": N_("That was done already."),
    "money_gone": N_("Its money has gone back: there is nothing left to work for."),
    "file_needs_chat": N_(
        "This customer has no chat yet, and letters bring no files of Telegram: send a link instead."
    ),
    "form_decided": N_("We have decided about it meanwhile: look at /orders."),
    "nothing_asked": N_("Your answer has come already, thank you. Look at /orders."),
    "nobody_on_card": N_("This card speaks of no customer."),
    "connector_taken": N_("That connector belongs to somebody already, or there is none with this id."),
    "sum_too_small": N_("That is too little: at least {least} can be paid in at once."),
    "sum_too_large": N_("That is too much: at most {most} can be paid in at once."),
    "too_many_payers": N_("You have {most} payers already. Write to us to add more."),
    "payer_kind_stays": N_(
        "A private person stays one, and an organisation does not become one. Add another payer."
    ),
    "payer_name_too_long": N_(
        "Banks take no more than {most} characters for a name, and this one has {count}. Shorten it, please."
    ),
    "address_too_long": N_(
        "No more than {most} characters fit for the address, and this one has {count}. Shorten it, please."
    ),
    "bad_address": N_("That does not look like an address. Send it in words: postcode, town, street, house."),
    "tax_number_digits": N_("A tax number here is {wanted} digits and nothing else. Check it, please."),
    "tax_number_length": N_(
        "A tax number here has {wanted} characters, and this one has {count}. Check it and send it again."
    ),
    "tax_number_letters": N_("A tax number here is two letters and seven digits, for example MA1953684."),
    "tax_number_mistyped": N_(
        "One of the characters is wrong: the control digit of this tax number does not agree "
        "with the others. Compare it with your papers."
    ),
    "tax_number_of_person": N_(
        "12 digits are the tax number of an entrepreneur or of a person; an organisation has 10. "
        "Send the other number, or go back and choose who pays."
    ),
    "tax_number_of_firm": N_(
        "10 digits are the tax number of an organisation; an entrepreneur and a person have 12. "
        "Send the other number, or go back and choose who pays."
    ),
    "bad_kpp": N_("A KPP has 9 characters, for example 773601001. Check it and send it again."),
    "words_wanted": N_("Send it in words, please."),
    "bad_link": N_("That does not look like a link. Send the address of a page: https://example.org"),
    "bad_number": N_("That does not look like a number. Send a whole one in digits, for example 3."),
    "number_too_small": N_("That is too little: {least} is the least."),
    "number_too_big": N_("That is too much: {most} is the most."),
    "choice_wanted": N_("Choose one of the answers below, please."),
    "day_wanted": N_("That does not look like a date. Send it like this: 14.12 or 14.12.2026."),
    "day_too_early": N_("That is too early: {first} is the first day that will do."),
    "picture_wanted": N_("Send a picture, please: one by one or as an album."),
    "file_wanted": N_("Send a file or a picture, please: the paper clip below the chat."),
    "answer_too_long": N_("No more than {most} characters fit here. Shorten it, please."),
    "form_files_full": N_("{most} files are the most here: the others were not kept."),
    "answer_needed": N_("This question needs an answer."),
    "question_gone": N_("That question is not asked any more."),
    "form_gone": N_("That can't be ordered any more. Choose something else, please."),
    "form_incomplete": N_("Something is not answered yet."),
    "too_many_orders": N_("{most} orders of yours wait for our answer already. Write to us: /support"),
    "form_sent_in": N_("That order was sent in already."),
    "paid_once": N_("{title} is paid for once: nothing more is due."),
    "made_to_order": N_("That is paid for once we have looked at your order: see /orders."),
    "file_kind": N_("Send it as a PDF or as a picture, please."),
    "file_too_large": N_("That file is too large: {most} MB is the most. Send a smaller one, please."),
    "too_many_files": N_("{most} files are the most. Hand over those that are here, please."),
    "kpp_not_for_this": N_("Only a Russian organisation has a KPP: leave it out."),
    "balance_too_low": N_("There is not enough on the balance for that."),
    "balance_not_offered": N_("This can't be paid from the balance. Choose another way, please."),
    "nothing_to_pay": N_("Nothing is left to pay for this."),
    "phone_needed": N_("A phone number is needed first."),
    "promo_unknown": N_("There is no such promo code. Check its letters and digits and send it again."),
    "promo_not_yet": N_("That promo code does not count yet. Try it a little later."),
    "promo_over": N_("That promo code is over."),
    "promo_used": N_("You have used that promo code already."),
    "promo_gone": N_("That promo code is used up: others were quicker."),
    "promo_not_for_this": N_("That promo code is not for what you have chosen."),
    "link_used": N_("That link was used already. Ask whoever gave it to you for a new one."),
    "link_over": N_("That link is no longer good. Ask whoever gave it to you for a new one."),
    "not_refundable": N_("That payment can't be refunded."),
    "register_too_large": N_("This file is too large for a register of one day."),
    "no_such_network": N_("There is no such network. There are: {names}."),
    "code_digits": N_("A payment code is {length} digits and nothing else."),
    "code_length": N_("A payment code has {length} digits. Compare it with the one you were given, please."),
    "code_prefix": N_("A payment code begins with 00. Compare it with the one you were given, please."),
    "code_mistyped": N_("One of the digits is wrong. Compare the code with the one you were given, please."),
    "code_unknown": N_("Nobody has this payment code."),
    "code_tries_over": N_("That was a lot of codes in a short time. Try again in an hour, please."),
    "address_first": N_("An e-mail address is needed first: invoices go there."),
    "email_first": N_("Add your e-mail address in Settings first: letters go there."),
    "notice_needed": N_("This one can't be switched off: it is about your money or about your service."),
    "code_shape": N_("The code has six digits. Copy it from the letter, please."),
    "code_wrong": N_("That is not the code from the letter. Tries left: {left}."),
    "code_spent": N_("That code is no longer good. Ask for a new one, please."),
    "code_too_often": N_("Too many codes were asked for. Try again in ten minutes."),
    "code_not_today": N_("Too many codes were asked for today. Try again tomorrow."),
    "mail_is_off": N_("Letters are off just now. Choose this chat, please."),
    "no_bills": N_("There are no regular invoices for that time."),
    "nothing_used": N_("Nothing was used in that month, so there is nothing to send."),
    "section_closed": N_(
        "From the 1st to the 3rd of a month its invoices are formed. That opens again on {opens}."
    ),
    "statements_off": N_(
        "No bank statements are taken: the catalogue names no account ([[seller.accounts]])."
    ),
    "statement_too_large_for_telegram": N_(
        "Telegram hands no file above 20 MB to a bot. Load it on the server: {command}"
    ),
    "no_such_invoice": N_("There is no invoice of that number. Check it and send it again."),
    "invoice_other_currency": N_(
        "That invoice is in another currency than the transfer. Choose another one."
    ),
    "own_gain": N_("This would be to your own good: somebody else has to do it."),
    "second_person_needed": N_("You have begun this yourself: somebody else has to agree."),
    "statement_not_a_statement": N_(
        "This is no bank statement that I can read. Export it for 1C (1CClientBankExchange) or as camt.053."
    ),
    "statement_archive": N_("This is an archive. Unpack it and send the statement itself."),
    "statement_too_large": N_("This file is larger than {most} MB. Export a shorter period, please."),
    "statement_cut": N_(
        "This statement ends in the middle (line {line}). "
        "Nothing of it was taken; load it from the bank again."
    ),
    "statement_after_end": N_(
        "Something stands after the end of this statement (line {line}). Send one statement in a file."
    ),
    "statement_long_line": N_(
        "Line {line} of this statement is longer than any bank writes. "
        "Nothing was taken; load it from the bank again."
    ),
    "statement_bad_letters": N_(
        "The letters of this file are damaged. Nothing of it was taken; load it from the bank again."
    ),
    "statement_bad_xml": N_(
        "This is no proper XML (line {line}). Nothing was taken; load it from the bank again."
    ),
    "statement_declarations": N_(
        "This XML brings declarations of its own, as no bank's does. "
        "Nothing was taken; load it from the bank again."
    ),
    "statement_too_many_details": N_(
        "One entry (line {line}) holds more than {most} transfers. "
        "Nothing was taken; export it for 1C (1CClientBankExchange)."
    ),
    "statement_bad_sum": N_(
        "“{told}” at line {line} is no sum that can be booked. "
        "Nothing was taken; load it from the bank again."
    ),
    "statement_bad_day": N_(
        "“{told}” at line {line} is no day. Nothing was taken; load it from the bank again."
    ),
    "statement_bad_currency": N_(
        "“{told}” at line {line} is no currency that is known here. "
        "Nothing was taken; load it from the bank again."
    ),
    "statement_no_accounts": N_(
        "This statement does not say of which account it is. Nothing was taken; load it from the bank again."
    ),
    "statement_foreign_account": N_(
        "This statement is of the account {account}, which is not among the seller's in the catalogue. "
        "Load another one, or name the account there ([[seller.accounts]])."
    ),
    "statement_balance_differs": N_(
        "The balances of the account {account} differ by {told}, its lines make {found}. "
        "The file is damaged or was edited. Nothing was taken; load it from the bank again."
    ),
    "statement_incoming_differs": N_(
        "The bank says that {told} came to the account {account}, the lines make {found}. "
        "The file is damaged or was edited. Nothing was taken; load it from the bank again."
    ),
    "statement_outgoing_differs": N_(
        "The bank says that {told} left the account {account}, the lines make {found}. "
        "The file is damaged or was edited. Nothing was taken; load it from the bank again."
    ),
    "statement_count_differs": N_(
        "The bank counts {told} entries of the account {account}, the file has {found}. "
        "It is damaged or was edited. Nothing was taken; load it from the bank again."
    ),
    "refund_open": N_("A refund of this payment is under way already."),
    "refund_not_there": N_("The money of this payment can't go there."),
    "refund_draft_gone": N_("Somebody else has begun this, or it is over. Send /refund to begin anew."),
    "stars_go_back_whole": N_("Stars go back whole or not at all."),
    "no_such_payment": N_("There is no payment of that number."),
    "refund_number_missing": N_("Write the number of the payment order, for example 118."),
    "refund_too_large": N_("No more can go back than came in and has not gone back yet."),
}

ROLES = {
    Role.VIEWER.value: N_("viewer"),
    Role.OPERATOR.value: N_("operator"),
    Role.CASHIER.value: N_("cashier"),
    Role.OWNER.value: N_("owner"),
}

UNNAMED_ERROR = N_("That did not work. Open the menu and try again, or write to us.")

REFUSALS = {
    Refusal.NO_FUNDS: N_("there is not enough money on the card"),
    Refusal.LIMIT: N_("the card's limit for payments is used up"),
    Refusal.CARD_DATA: N_("the card's details were entered wrongly"),
    Refusal.CARD_EXPIRED: N_("the card has expired"),
    Refusal.CARD_BLOCKED: N_("the card is blocked or is not for such payments"),
    Refusal.ASK_BANK: N_("the bank refused; it will tell you why if you call it"),
    Refusal.BANK_SILENT: N_("the bank did not answer"),
    Refusal.NOT_CONFIRMED: N_("the payment was not confirmed with the bank's code"),
    Refusal.SECURITY: N_("the payment company's safety check did not let it pass"),
    Refusal.COUNTRY: N_("cards of this country are not taken"),
    Refusal.LINK_EXPIRED: N_("the time for paying ran out"),
    Refusal.CANCELLED: N_("the payment was cancelled"),
    Refusal.CARD_REMOVED: N_("the saved card was removed"),
    Refusal.UNDONE: N_("somebody else's transfer had been taken for it"),
    Refusal.OTHER: N_("the payment company gave no reason"),
}

PROVIDERS = {
    "robokassa": "Robokassa",
    "stars": "Telegram Stars",
    "webpay": "WEBPAY",
    "yookassa": "YooKassa",
    "bank": N_("Bank transfer"),
    "by_hand": N_("Paid outside"),
}
"""Proper names, the same in every language."""

METHODS = {
    "by_hand": N_("Paid outside"),
    "robokassa": N_("Card or SBP (Robokassa)"),
    "robokassa_card": N_("Bank card (Robokassa)"),
    "robokassa_sbp": N_("SBP (Robokassa)"),
    "yookassa": N_("Card or SBP"),
    "yookassa_card": N_("Bank card"),
    "yookassa_sbp": N_("SBP"),
    "yookassa_sberpay": N_("SberPay"),
    "yookassa_tpay": N_("T-Pay"),
    "yookassa_yoomoney": N_("YooMoney wallet"),
    "yookassa_mobile": N_("Mobile phone balance"),
    "webpay": N_("Bank card (WEBPAY)"),
    "webpay_erip": N_("ERIP (WEBPAY)"),
    "telegram_card": N_("Card inside Telegram"),
    "stars": N_("Telegram Stars"),
    "terminal": N_("Terminal or wallet"),
    "invoice": N_("Invoice for an organisation"),
    "balance": N_("From the balance"),
}

HINTS = {
    "yookassa_mobile": N_(
        "Your mobile operator will send a text message to {phone}. "
        "Answer it as it says, and the payment goes through."
    ),
}
"""What the customer must know beside the button, where pressing it is not all there is to do."""

SCHEMES = {
    "mir": N_("Mir"),
    "visa": N_("Visa"),
    "mastercard": N_("Mastercard"),
    "sbp": N_("SBP"),
    "belkart": N_("BELKART"),
    "elcart": N_("Elcart"),
    "erip": N_("ERIP"),
}


def sentence_for(error: CustomerError) -> str:
    """What to tell the person whose wish was refused."""
    blanks = {name: _told(value) for name, value in error.blanks.items()}
    return _(ERRORS.get(error.code, UNNAMED_ERROR)).format_map(_Blanks(blanks))


def role_title(role: str) -> str:
    """What an operator may do, in a word."""
    return _(ROLES[role])


def refusal_sentence(reason: Refusal | str) -> str:
    """Half a sentence, to stand after "refused:"; a reason we do not know is OTHER."""
    known = Refusal(reason) if reason in list(Refusal) else Refusal.OTHER
    return _(REFUSALS[known])


def said(text: Text | None) -> str:
    """The seller's own words in the language spoken here; for be and ky Russian stands in first."""
    if text is None:
        return ""
    spoken = language()
    near = spoken if spoken in text.by_language or spoken not in ("be", "ky") else "ru"
    return text.in_language(near)


def method_title(catalogue: Catalogue, name: str) -> str:
    """What a payment method is called: the seller's words, else ours."""
    return said(catalogue.method(name).title) or _(METHODS.get(name, name))


def method_terms(catalogue: Catalogue, name: str, schemes: tuple[str, ...] = ()) -> str:
    """«Мир, Visa; без комиссии; сразу»; what the title says already is not said again."""
    terms, taken = catalogue.method(name), scheme_titles(schemes)
    told = "" if taken in method_title(catalogue, name) else taken
    return "; ".join(filter(None, (told, said(terms.fee), said(terms.counts))))


def method_hint(name: str, *, phone: str) -> str:
    """What else there is to do by this method, "" for most of them."""
    return _(HINTS[name]).format(phone=phone) if name in HINTS else ""


def scheme_titles(schemes: tuple[str, ...]) -> str:
    """«Мир, Visa, Mastercard»."""
    return ", ".join(_(SCHEMES.get(scheme, scheme)) for scheme in schemes)


def card_title(masked: str) -> str:
    """«Мир *4444»: the provider's words for a card, with its scheme named as elsewhere."""
    scheme, space, digits = shown(masked).partition(" ")
    return (
        f"{scheme_titles((scheme.lower(),))}{space}{digits}" if scheme.lower() in SCHEMES else shown(masked)
    )


def _told(value: object) -> object:
    match value:
        case Money():
            return money(value)
        case datetime():
            return moment(value)
        case date():
            return day(value)
    return value


class _Blanks(dict[str, object]):
    """A blank that the error did not bring is better shown as dots than as a crash."""

    def __missing__(self, name: str) -> str:
        return "…"
