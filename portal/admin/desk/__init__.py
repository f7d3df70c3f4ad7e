"""The desk: the pages on which complaints are taken and cases are carried, as views of the same Admin."""

from __future__ import annotations

from portal.admin.desk.accountpage import AccountPage
from portal.admin.desk.actspage import ActsPage
from portal.admin.desk.agendapage import AgendaPage
from portal.admin.desk.alerts import AlertPage
from portal.admin.desk.caselist import CaseList
from portal.admin.desk.casepage import CasePage
from portal.admin.desk.clockpage import ClockPage
from portal.admin.desk.correctpage import CorrectPage
from portal.admin.desk.dividepage import DividePage
from portal.admin.desk.draftpage import DraftPages
from portal.admin.desk.duties import DUTIES
from portal.admin.desk.emergencypage import AskEmergency, EmergencyPage
from portal.admin.desk.exportpage import ExportPage
from portal.admin.desk.fieldpage import FieldChecks, FieldPage
from portal.admin.desk.findpage import Find
from portal.admin.desk.intake import NewComplaint
from portal.admin.desk.lettercardpage import LetterCardPage
from portal.admin.desk.letterlist import LetterList
from portal.admin.desk.letterpage import LetterPage
from portal.admin.desk.listedpage import ListedPage
from portal.admin.desk.movepage import MovePage
from portal.admin.desk.notepage import NotePage
from portal.admin.desk.ownpage import OwnPage
from portal.admin.desk.previewpage import PreviewPage
from portal.admin.desk.printnew import PrintNewPage
from portal.admin.desk.printpage import PrintPage
from portal.admin.desk.receiptpage import ReceiptPage
from portal.admin.desk.referrallist import ReferralList
from portal.admin.desk.referralpage import ReferralPage
from portal.admin.desk.releasepage import ReleasePage
from portal.admin.desk.reopenpage import ReopenPage
from portal.admin.desk.sealpage import SealPage
from portal.admin.desk.sheetpage import SheetPage
from portal.admin.desk.studio import STUDIO
from portal.admin.desk.tasks import Tasks
from portal.admin.desk.teampage import TeamPage
from portal.admin.desk.ticketact import TicketAct
from portal.admin.desk.trail import TrailPage
from portal.admin.desk.transferpage import TransferPage
from portal.admin.desk.twinpage import TwinPages
from portal.admin.desk.whopage import WhoPage

PAGES = (
    Tasks,
    NewComplaint,
    CaseList,
    FieldPage,
    FieldChecks,
    TwinPages,
    TeamPage,
    DividePage,
    ReferralList,
    DraftPages,
    LetterList,
    AgendaPage,
    ListedPage,
    TransferPage,
    CasePage,
    ReferralPage,
    TicketAct,
    ReceiptPage,
    NotePage,
    LetterPage,
    LetterCardPage,
    SealPage,
    PreviewPage,
    PrintNewPage,
    PrintPage,
    Find,
    *STUDIO,
    ReleasePage,
    SheetPage,
    MovePage,
    WhoPage,
    ReopenPage,
    ActsPage,
    CorrectPage,
    ExportPage,
    AccountPage,
    EmergencyPage,
    AskEmergency,
    OwnPage,
    TrailPage,
    AlertPage,
    ClockPage,
    *DUTIES,
)
"""Every page of the desk, in the order of the menu."""
