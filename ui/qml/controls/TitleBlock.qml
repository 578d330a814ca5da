import QtQuick
import QtQuick.Layouts
import Kiosk

// What this page asks: whom it is for, the title, the instruction, and what is wrong.
ColumnLayout {
    id: root

    property bool centred: false
    readonly property var page: Flow.page
    // How high it is without the line that tells the station.
    readonly property real bare: [service, confirmed, owner, tag, title, lead].reduce((sum, part) => sum + (part.visible ? part.implicitHeight + 8 : 0), 0)
    readonly property int now: Flow.frame.steps.findIndex(step => step.state === "now")
    property bool order: false
    property bool rail: false
    property bool small: false
    readonly property bool stepped: (Theme.elder || root.told) && root.now >= 0
    property bool told: false // the station in words, where the stations themselves have no room

    spacing: 0

    Txt {
        id: service

        Layout.bottomMargin: 4
        Layout.fillWidth: true
        color: Theme.inkMuted
        font.pixelSize: Theme.elder ? Sizes.note : 26
        leading: 1.3
        text: Flow.frame.service
        visible: root.rail && text !== ""
    }
    Txt {
        Layout.bottomMargin: 4
        Layout.fillWidth: true
        color: Theme.inkMuted
        font.pixelSize: Sizes.note
        leading: 1.35
        text: Words.fill(Words.t["steps.of"], {
            "now": root.now + 1,
            "total": Flow.frame.steps.length
        })
        visible: root.stepped
    }
    Mark {
        id: confirmed

        Layout.bottomMargin: 10
        Layout.fillWidth: true
        fontSize: Sizes.lead
        text: root.page.confirmed
        visible: root.page.confirmed !== ""
    }
    RowLayout {
        id: owner

        Layout.bottomMargin: 8
        Layout.fillWidth: true
        spacing: 14
        visible: root.page.owner !== ""

        Icon {
            name: root.page.ownerTag === "" ? "user" : "reg" // one's own, or an enterprise's with one's role in it
            size: Theme.elder ? 44 : 36
        }
        Txt {
            Layout.fillWidth: true
            Layout.maximumWidth: Math.ceil(implicitWidth)
            color: Theme.inkMuted
            font.pixelSize: root.rail && Theme.elder ? Sizes.smallest : Theme.elder ? Sizes.note : 28
            leading: 1.3
            text: root.page.owner
        }
        Tag {
            text: root.page.ownerTag
            visible: text !== "" && !root.rail
        }
        Item {
            Layout.fillWidth: true
        }
    }
    Tag {
        id: tag

        Layout.bottomMargin: 8
        text: root.page.ownerTag
        visible: text !== "" && root.rail
    }
    Title {
        id: title

        Layout.fillWidth: true
        horizontalAlignment: root.centred ? Text.AlignHCenter : Text.AlignLeft
        largest: root.small ? (Theme.elder ? 60 : 52) : root.rail ? Math.min(60, Sizes.title) : root.order ? Sizes.titleOrder : Sizes.title
        smallest: root.rail ? (Theme.elder ? 52 : 46) : root.small ? 46 : Sizes.titleLong
        text: root.rail && lineMetrics.advanceWidth > width ? root.page.title.replace("，", "，\n") : root.page.title

        TextMetrics {
            id: lineMetrics

            font.family: Theme.titleFont
            font.letterSpacing: 2
            font.pixelSize: 60
            font.weight: Font.Bold
            text: root.page.title
        }
    }
    Txt {
        id: lead

        Layout.fillWidth: true
        Layout.topMargin: 10
        color: Theme.inkMuted
        font.pixelSize: root.rail ? Sizes.lead - 2 : Sizes.lead
        horizontalAlignment: root.centred ? Text.AlignHCenter : Text.AlignLeft
        text: root.page.lead
        visible: text !== ""
    }
}
