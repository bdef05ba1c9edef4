"""What the words for cases, chapters, agreements and documents mean."""

from django.utils.translation import gettext_lazy as _

from mandates.ledger import Basis
from mandates.models import (
    ChapterLineage,
    Document,
    Initiative,
    InitiativeParty,
    Organization,
    Party,
    Representation,
)
from mandates.models.statements import AgreementStatus, ChapterStatus, Milestone, Phase
from tradeinit.glossary import Vocabulary
from tradeinit.publication.models import Action

VOCABULARIES = (
    Vocabulary(
        "phase",
        _("Phases of an initiative"),
        Phase,
        {
            Phase.EXPLORATORY: _(
                "The sides find out whether they want to negotiate, and about what."
            ),
            Phase.LAUNCHED: _("The sides have announced that they will negotiate."),
            Phase.NEGOTIATING: _("The sides meet to work on the text of an agreement."),
            Phase.CONCLUDED_IN_PRINCIPLE: _(
                "The sides agree on the substance; parts of the text are still open."
            ),
            Phase.CONCLUDED: _("The sides have declared the negotiation finished."),
            Phase.PAUSED: _("The talks rest, and somebody has said so."),
            Phase.ENDED: _("The initiative is over, with or without an agreement."),
        },
    ),
    Vocabulary(
        "milestone",
        _("Milestones of an initiative"),
        Milestone,
        {
            Milestone.LAUNCH: _("The day on which the initiative was announced."),
            Milestone.MANDATE_PUBLISHED: _("What is to be negotiated was made public."),
            Milestone.PROPOSALS_PUBLISHED: _(
                "A side made its proposals public, in full or in summary."
            ),
            Milestone.FIRST_ROUND: _("The first meeting that the sides count as a round."),
            Milestone.TEXT_PUBLISHED: _("The text that was negotiated was made public."),
            Milestone.JOINED: _("A party took its seat in talks that had begun."),
            Milestone.LEFT: _("A party gave up its seat."),
            Milestone.RELAUNCH: _("Talks that had paused or ended were taken up again."),
            Milestone.CONSULTATION: _("The public was asked for its views."),
            Milestone.LEGISLATURE_NOTIFIED: _(
                "A legislature was told formally of the talks or of the agreement."
            ),
            Milestone.BILL_INTRODUCED: _(
                "A bill to approve or apply the agreement was introduced."
            ),
            Milestone.PASSED_ONE_CHAMBER: _("One chamber of a legislature passed that bill."),
            Milestone.PASSED_BOTH_CHAMBERS: _("Both chambers of a legislature passed that bill."),
        },
    ),
    Vocabulary(
        "chapter-status",
        _("Statuses of a chapter"),
        ChapterStatus,
        {
            ChapterStatus.NOT_OPENED: _(
                "The chapter is in the mandate; talks on it have not begun."
            ),
            ChapterStatus.CONCEPTUAL: _("The sides exchange ideas; there is no text yet."),
            ChapterStatus.TEXT_TABLED: _("At least one side has put text on the table."),
            ChapterStatus.CONSOLIDATING: _("The texts of the sides are being brought into one."),
            ChapterStatus.CONSOLIDATED: _(
                "There is one text, with what is not agreed in brackets."
            ),
            ChapterStatus.ADVANCED: _("Most of the text is agreed."),
            ChapterStatus.PARKED: _("The sides have set the chapter aside for now."),
            ChapterStatus.PROVISIONALLY_CLOSED: _(
                "The text is agreed, and may be opened again until all chapters are."
            ),
            ChapterStatus.REOPENED: _("A chapter that had been closed is negotiated again."),
            ChapterStatus.CONCLUDED: _("The chapter is finished."),
            ChapterStatus.LEGALLY_VERIFIED: _("Lawyers of the sides have checked the agreed text."),
            ChapterStatus.DEFERRED: _("The chapter was left to a later negotiation."),
            ChapterStatus.DROPPED: _("The chapter is no longer negotiated."),
        },
    ),
    Vocabulary(
        "agreement-status",
        _("Statuses of an agreement"),
        AgreementStatus,
        {
            AgreementStatus.DRAFTING: _("The text is being written."),
            AgreementStatus.TEXT_AGREED: _("The sides agree on the whole text."),
            AgreementStatus.LEGAL_REVIEW: _(
                "Lawyers check the text and its versions in each language."
            ),
            AgreementStatus.INITIALLED: _("The negotiators have put their initials to the text."),
            AgreementStatus.SIGNED: _("The agreement bears the signatures of the sides."),
            AgreementStatus.APPROVED: _(
                "A side has completed its own procedure, such as a vote of its legislature."
            ),
            AgreementStatus.IN_FORCE: _("The agreement binds the sides."),
            AgreementStatus.PARTLY_IN_FORCE: _(
                "Some of its provisions bind, or it is applied provisionally."
            ),
            AgreementStatus.TERMINATED: _("The agreement no longer binds."),
        },
    ),
    Vocabulary(
        "standing",
        _("How a status is known"),
        Basis,
        {
            Basis.AGREED: _("All who said something say the same, or it was said jointly."),
            Basis.ONE_SIDED: _("One side said so; the other has said nothing."),
            Basis.DISPUTED: _("The sides say different things. Both are shown."),
            Basis.UNKNOWN: _("No source in this record says where it stands."),
        },
    ),
    Vocabulary(
        "initiative-kind",
        _("Kinds of initiative"),
        Initiative.Kind,
        {
            Initiative.Kind.BILATERAL: _("Two parties negotiate."),
            Initiative.Kind.PLURILATERAL: _("Several parties negotiate as equals."),
            Initiative.Kind.BLOC: _(
                "One party negotiates with a bloc, which speaks for its members."
            ),
            Initiative.Kind.ACCESSION: _("A party negotiates to join an agreement that exists."),
        },
    ),
    Vocabulary(
        "seat",
        _("Roles of a party"),
        InitiativeParty.Role,
        {
            InitiativeParty.Role.NEGOTIATING: _(
                "It sits at the table as a party to the future agreement."
            ),
            InitiativeParty.Role.ACCEDING: _("It asks to join what others have agreed."),
            InitiativeParty.Role.OBSERVER: _("It is present and does not negotiate."),
        },
    ),
    Vocabulary(
        "party-kind",
        _("Kinds of party"),
        Party.Kind,
        {
            Party.Kind.STATE: _("A country."),
            Party.Kind.CUSTOMS_TERRITORY: _(
                "A territory with a customs border and trade rules of its own; "
                "the word takes no position on its status."
            ),
            Party.Kind.BLOC: _("Several parties that negotiate as one."),
            Party.Kind.ORGANIZATION: _("An international organization."),
            Party.Kind.UNKNOWN: _("No source in this record says it."),
        },
    ),
    Vocabulary(
        "organization-kind",
        _("Kinds of body"),
        Organization.Kind,
        {
            Organization.Kind.MINISTRY: _("A department of a government."),
            Organization.Kind.AGENCY: _("A public body with a task of its own."),
            Organization.Kind.OFFICE: _("An office whose task is trade or its negotiation."),
            Organization.Kind.REPRESENTATIVE_OFFICE: _(
                "It stands for one side with another where there is no embassy."
            ),
            Organization.Kind.LEGISLATURE: _(
                "It makes laws, and approves agreements where its law says so."
            ),
            Organization.Kind.INTERNATIONAL: _("A body of several parties."),
            Organization.Kind.PUBLISHER: _("It published a document that this record cites."),
            Organization.Kind.OTHER: _("A body of any other kind."),
        },
    ),
    Vocabulary(
        "capacity",
        _("Capacities in which a body acts"),
        Representation.Capacity,
        {
            Representation.Capacity.AUSPICES: _("The talks are held in its name."),
            Representation.Capacity.DESIGNATED_REPRESENTATIVE: _(
                "It negotiates for the body in whose name the talks are held."
            ),
            Representation.Capacity.LEAD_AGENCY: _("It leads the work of a side."),
        },
    ),
    Vocabulary(
        "lineage",
        _("How chapters become others"),
        ChapterLineage.Kind,
        {
            ChapterLineage.Kind.RENAMED: _("The same chapter under another name."),
            ChapterLineage.Kind.SPLIT: _("One chapter became several."),
            ChapterLineage.Kind.MERGED: _("Several chapters became one."),
            ChapterLineage.Kind.ADDED: _("The chapter joined the talks after their mandate."),
            ChapterLineage.Kind.DEFERRED: _("The chapter was left to a later agreement."),
        },
    ),
    Vocabulary(
        "document-kind",
        _("Kinds of document"),
        Document.Kind,
        {
            Document.Kind.PRESS_RELEASE: _("A statement that one side gave to the press."),
            Document.Kind.ADVISORY: _("A notice of a meeting or an event to come."),
            Document.Kind.JOINT_STATEMENT: _("A text that the sides issued together."),
            Document.Kind.MANDATE: _("It says what is to be negotiated."),
            Document.Kind.ROUND_REPORT: _("An account of a round by one side."),
            Document.Kind.TEXTUAL_PROPOSAL: _("Draft articles that one side put forward."),
            Document.Kind.TEXT_SUMMARY: _("A summary of proposed or agreed text."),
            Document.Kind.CONSOLIDATED_TEXT: _("One text with the positions of all sides."),
            Document.Kind.AGREEMENT_TEXT: _("The agreement itself."),
            Document.Kind.LEGISLATION: _("A bill or an act."),
            Document.Kind.NOTICE: _("A publication in an official journal."),
            Document.Kind.TRANSCRIPT: _("What was said, word for word or in minutes."),
            Document.Kind.NEWS_REPORT: _("A report by the press."),
            Document.Kind.OTHER: _("A document of any other kind."),
        },
    ),
    Vocabulary(
        "action",
        _("Changes of the record"),
        Action,
        {
            Action.PUBLISHED: _("The public was told of the record for the first time."),
            Action.CORRECTED: _("What had been told was changed; the reason is given."),
            Action.WITHDRAWN: _("The record was taken back; its address stays, with the reason."),
        },
    ),
)
