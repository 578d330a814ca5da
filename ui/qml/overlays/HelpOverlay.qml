import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// Help for this page, what makes it easier to read, and a person to call.
Overlay {
    id: root

    signal closed
    signal staffPressed

    contentHeight: column.implicitHeight
    name: "help"

    ColumnLayout {
        id: column

        spacing: 24
        width: parent.width

        Title {
            Layout.fillWidth: true
            text: Words.t["help.title"]
        }
        Txt {
            Layout.fillWidth: true
            font.pixelSize: Sizes.body
            text: Words.t["help." + Flow.kind] ?? ""
            visible: text !== ""
        }
        GridLayout {
            Layout.bottomMargin: 16
            Layout.fillWidth: true
            Layout.topMargin: 8
            columnSpacing: Sizes.gap
            columns: Theme.elder ? 1 : 2
            rowSpacing: 16
            uniformCellWidths: true

            Choice {
                iconName: "contrast"
                objectName: "help:contrast"
                text: Theme.contrast ? Words.t["access.contrast.off"] : Words.t["access.contrast"]

                onClicked: Theme.setContrast(!Theme.contrast)
            }
            Choice {
                iconName: "text"
                objectName: "help:mode"
                text: Theme.elder ? Words.t["access.standard"] : Words.t["access.elder"]

                onClicked: Flow.mode(Theme.elder ? "standard" : "elder")
            }
            Choice {
                Layout.columnSpan: Theme.elder ? 1 : 2
                iconName: "staff"
                objectName: "help:staff"
                text: Words.t["help.staff"]

                onClicked: root.staffPressed()
            }
        }
        Answers {
            Layout.fillWidth: true
            main: Words.t["help.close"]
            mainName: "help:close"

            onMainPressed: root.closed()
        }
    }

    component Choice: SecondButton {
        Layout.fillHeight: true
        Layout.fillWidth: true
        Layout.preferredWidth: 100
        blue: false
        implicitHeight: Math.max(Sizes.targetMain, implicitContentHeight + 24)
    }
}
